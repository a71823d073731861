/** Virtual boards on the page's side: starts their worker when it is first asked for. */
import { proxy, transfer, wrap, type Remote } from 'comlink';
import type { BoardFacts, NewBoard, VirtualBoard, VirtualBoards } from '../devices/virtual-board/virtual-boards-port.ts';
import type { BrokerProfile } from '../mqtt/link/profile.ts';
import type { LinkReport } from '../mqtt/link/report.ts';
import type { JoinedBroker } from './board-network.ts';
import type { BoardWorker } from './board-worker.ts';
import { RemoteBoardPort } from './remote-board-port.ts';

export interface OpenBoards {
  boards: VirtualBoards;
  /** The broker inside this page. */
  pageBroker: {
    /** The simulation's end of a channel, to be transferred to its worker; one made later replaces it. */
    channel(): Promise<MessagePort>;
    join(profile: BrokerProfile): Promise<void>;
    leave(): Promise<void>;
    report(): Promise<LinkReport>;
  };
  /** Which broker outside the page has joined: boards that are told to use the page's use that one. */
  joined(broker: JoinedBroker | null): Promise<void>;
}

let opening: Promise<OpenBoards> | null = null;

/** The same for every caller. Rejects with a sentence when they cannot be run here; the next call tries again. */
export function openBoards(): Promise<OpenBoards> {
  opening ??= open().catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

async function open(): Promise<OpenBoards> {
  const worker = new Worker(new URL('./board-worker.ts', import.meta.url), { type: 'module' });
  const broken = new Promise<never>((_, reject) => {
    worker.onerror = () => reject(new Error('The part of this page that runs virtual boards did not load. Reload the page.'));
  });
  const remote: Remote<BoardWorker> = wrap<BoardWorker>(worker);
  try {
    await Promise.race([remote.open(), broken]);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    boards: new RemoteBoards(remote),
    pageBroker: {
      async channel() {
        const { port1, port2 } = new MessageChannel();
        await remote.connectLink(transfer(port1, [port1]));
        return port2;
      },
      join: (profile) => remote.joinPageBroker(profile),
      leave: () => remote.leavePageBroker(),
      report: () => remote.report(),
    },
    joined: (broker) => remote.joined(broker),
  };
}

class RemoteBoards implements VirtualBoards {
  readonly #remote: Remote<BoardWorker>;
  readonly #open = new Map<string, VirtualBoard>();

  constructor(remote: Remote<BoardWorker>) {
    this.#remote = remote;
  }

  list(): Promise<BoardFacts[]> {
    return this.#remote.list();
  }

  async create(wanted: NewBoard): Promise<VirtualBoard> {
    return this.open(await this.#remote.create(wanted));
  }

  async open(id: string): Promise<VirtualBoard> {
    const known = this.#open.get(id);
    if (known) return known;
    const { port1, port2 } = new MessageChannel();
    const remote = this.#remote;
    await remote.connectPort(id, transfer(port1, [port1]));
    const board: VirtualBoard = {
      id,
      port: new RemoteBoardPort(port2),
      power: (on) => remote.power(id, on),
      press: (button, down) => remote.press(id, button, down),
      inject: (fault) => remote.inject(id, fault),
    };
    this.#open.set(id, board);
    return board;
  }

  async remove(id: string): Promise<void> {
    await this.#remote.remove(id);
    this.#open.delete(id);
  }

  watch(hear: (boards: BoardFacts[]) => void): () => void {
    let wanted = true;
    const stopping = this.#remote.watch(proxy((facts: BoardFacts[]) => {
      if (wanted) hear(facts);
    }));
    return () => {
      wanted = false;
      void stopping.then((stop) => stop());
    };
  }
}
