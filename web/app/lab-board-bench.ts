/** Boards that can be asked for a bench: on this page's cables, on the joined broker, and a simulated one to try it with. */
import { readBench, type BenchFigures } from '../lab/calibration/bench-figures.ts';
import type { BenchBoard, BoardBench } from '../lab/calibration/board-bench.ts';
import { BoardCommands } from '../devices/session/board-commands.ts';
import { ImprovClient } from '../devices/session/improv-client.ts';
import type { NodeDetail } from '../sim/snapshot.ts';
import type { BoardStore } from '../ui/devices/board-store.svelte.ts';
import type { Session } from '../ui/session/session.svelte.ts';

/** A bench takes some seconds on a board, and its answer may come over a slow broker. */
const ANSWER_MS = 40_000;
const LOOK_EVERY_MS = 250;

/** @param cables the boards of the devices view; none before it was opened */
export function labBoardBench(session: Session, cables: () => readonly BoardStore[]): BoardBench {
  return {
    async boards() {
      const wired = cables().map(cableBoard);
      const shown = session.info.flatMap(({ tier, kind, mode }, index) => (tier === 'edge' && (kind === 'real' || mode !== 'simulated') ? [index] : []));
      const remote = await Promise.all(shown.map(async (index) => brokerBoard(await detailOf(session, index))));
      const own = session.info.findIndex(({ tier, mode, kind }) => tier === 'edge' && mode === 'simulated' && kind === 'simulated');
      const simulated = own < 0 ? [] : [simulatedBoard(await detailOf(session, own))];
      return [...wired, ...remote.filter((each) => each !== null), ...simulated.filter((each) => each !== null)];
    },
    bench(board, signal) {
      signal.throwIfAborted();
      const [by, key = ''] = board.split(/:(.*)/s);
      const store = by === 'cable' ? cables().find(({ id }) => id === key) : undefined;
      if (store) return benchByCable(store, signal);
      const index = session.info.findIndex(({ id }) => id === key);
      return index < 0 ? Promise.reject(new Error(`${key} is not here any more. Look for boards again.`)) : benchByMqtt(session, index, signal);
    },
  };
}

function cableBoard(store: BoardStore): BenchBoard {
  const { status, device, virtual } = store;
  const guest = status?.guestName && status.guestSha256 ? { name: status.guestName, sha256: status.guestSha256 } : null;
  return {
    id: `cable:${store.id}`,
    node: store.node ?? store.label,
    by: 'cable',
    kind: virtual ? 'model' : 'real',
    runtime: null,
    firmware: device?.version ?? null,
    guest,
    problem: cableProblem(store),
  };
}

function cableProblem(store: BoardStore): string | null {
  if (store.busy) return 'Its flash is being worked on.';
  if (!store.isOpen) return 'Its line is not open: connect it in Devices.';
  if (!['idle', 'running', 'rolled-back', 'refused', 'cancelled', 'failed'].includes(store.sending.kind)) return 'A guest is being sent to it.';
  return null;
}

async function benchByCable(store: BoardStore, signal: AbortSignal): Promise<BenchFigures> {
  const problem = cableProblem(store);
  if (problem !== null) throw new Error(problem);
  const client = new ImprovClient(store.session);
  // Disposing settles the question that is under way.
  signal.addEventListener('abort', () => client.dispose(), { once: true });
  try {
    const answer = await new BoardCommands(client).bench();
    signal.throwIfAborted();
    if (!answer.ok) throw new Error(answer.reason);
    const { bench, sandbox } = answer.value;
    return { steps: bench?.steps ?? null, usPerStep: bench?.usPerStep ?? null, instructionsPerStep: bench?.instructionsPerStep ?? null, ...sandbox };
  } finally {
    client.dispose();
  }
}

function brokerBoard(detail: NodeDetail | null): BenchBoard | null {
  if (!detail?.remote) return null;
  const { id, runtime, guest, remote } = detail;
  const problem = remote.plain ? 'It sends readings alone and answers nothing.' : remote.online === false ? 'It is offline.' : null;
  return {
    id: `node:${id}`,
    node: id,
    by: 'broker',
    kind: remote.kind === 'real' ? 'real' : 'model',
    runtime,
    firmware: remote.firmware,
    guest: guest && { name: guest.name, sha256: guest.sha256 },
    problem,
  };
}

function simulatedBoard(detail: NodeDetail | null): BenchBoard | null {
  if (!detail) return null;
  const { id, runtime, guest, state } = detail;
  const problem = state === 'running' ? null : 'It does not run now.';
  return { id: `node:${id}`, node: id, by: 'broker', kind: 'model', runtime, firmware: null, guest: guest && { name: guest.name, sha256: guest.sha256 }, problem };
}

/** What the page sees of a node, asked for beside the frames that it draws. */
async function detailOf(session: Session, index: number): Promise<NodeDetail | null> {
  const { detail } = await session.port.frame({
    epoch: session.frame?.epoch ?? -1,
    roster: session.frame?.roster ?? 0,
    selected: index,
    watched: session.watched,
    seriesAfterS: Infinity,
    lastNotice: Infinity,
    wantDetail: true,
  });
  return detail;
}

async function benchByMqtt(session: Session, index: number, signal: AbortSignal): Promise<BenchFigures> {
  const answers = async (): Promise<string[]> => {
    const detail = await detailOf(session, index);
    return (detail?.messages ?? []).filter(({ topic, payload }) => topic.endsWith('/reply') && payload.includes('"bench"')).map(({ timeUs, payload }) => `${timeUs} ${payload}`);
  };
  const before = new Set(await answers());
  await (await session.port.outside()).command(index, 'bench');
  for (let waitedMs = 0; waitedMs < ANSWER_MS; waitedMs += LOOK_EVERY_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    signal.throwIfAborted();
    const answer = (await answers()).find((each) => !before.has(each));
    if (answer === undefined) continue;
    const read = readBench(answer.slice(answer.indexOf(' ') + 1));
    if (!read.ok) throw new Error(read.reason);
    return read.value;
  }
  throw new Error(`The board did not answer within ${ANSWER_MS / 1000} s. A simulation that stands still, or a board that is busy, answers nothing: try again.`);
}
