import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BoardCommands } from './board-commands.ts';
import { GuestUpload } from './guest-upload.ts';
import { ImprovClient } from './improv-client.ts';
import { Provisioning } from './provisioning.ts';
import { ScriptedNode } from './scripted-node-fixture.ts';
import { SerialSession } from './serial-session.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const RUNS = Number(process.env.NOISE_RUNS ?? 100);

const kindOf = ({ state }: Provisioning): string => state.kind;

/** Gives up after an hour of the session's time. */
async function settled(work: Promise<void>): Promise<boolean> {
  let there = false;
  void work.then(() => (there = true));
  for (let waitedMs = 0; !there && waitedMs < 3_600_000; waitedMs += 250) await vi.advanceTimersByTimeAsync(250);
  return there;
}

interface Fault {
  /** Which piece of all that pass, counted on both ways. */
  piece: number;
  at: number;
  kind: 'flip' | 'lose' | 'insert' | 'drop';
}

const faults = fc.array(
  fc.record({ piece: fc.nat(60), at: fc.nat(300), kind: fc.constantFrom<Fault['kind']>('flip', 'lose', 'insert', 'drop') }),
  { maxLength: 25 },
);

/** Each fault strikes once. */
function noisy(list: readonly Fault[]): (bytes: Uint8Array) => Uint8Array {
  let piece = 0;
  return (bytes) => {
    let out = [...bytes];
    for (const { at, kind } of list.filter((fault) => fault.piece === piece)) {
      const index = at % Math.max(1, out.length);
      if (kind === 'flip') out[index]! ^= 1 << at % 8;
      else if (kind === 'lose') out.splice(index, 1);
      else if (kind === 'insert') out.splice(index, 0, at & 0xff);
      else out = [];
    }
    piece++;
    return Uint8Array.from(out);
  };
}

async function board(list: readonly Fault[]) {
  const node = new ScriptedNode();
  const session = new SerialSession(node.port);
  const client = new ImprovClient(session);
  await session.open();
  node.port.wire = noisy(list);
  return { node, session, client };
}

it('a guest arrives whole or is known not to have arrived, whatever the wire does', async () => {
  const bytes = Uint8Array.from({ length: 4000 }, (_, i) => (i * 31) & 0xff);
  await fc.assert(
    fc.asyncProperty(faults, async (list) => {
      const { node, session, client } = await board(list);
      const upload = new GuestUpload(client);
      expect(await settled(upload.start({ name: 'irrigation.wasm', bytes, signed: null }))).toBe(true);
      expect(['running', 'failed', 'refused', 'rolled-back']).toContain(upload.state.kind);
      if (upload.state.kind === 'running') expect(node.guest.bytes).toEqual([...bytes]);
      // What failed succeeds once the wire is quiet.
      node.port.wire = (sent) => sent;
      await settled(upload.start({ name: 'irrigation.wasm', bytes, signed: null }));
      expect(upload.state.kind).toBe('running');
      await session.dispose();
    }),
    { numRuns: RUNS },
  );
});

it('a board is set up or the page says that it is not, whatever the wire does', async () => {
  await fc.assert(
    fc.asyncProperty(faults, async (list) => {
      const { node, session, client } = await board(list);
      const provisioning = new Provisioning(client);
      expect(await settled(provisioning.read())).toBe(true);
      expect(['form', 'failed']).toContain(provisioning.state.kind);
      if (provisioning.state.kind === 'form') {
        node.status.set('wifi', 'online');
        await settled(provisioning.apply({ node: 'field-7', user: 'ana', keys: '' }));
        expect(['online', 'failed']).toContain(kindOf(provisioning));
        if (kindOf(provisioning) === 'online') expect(Object.fromEntries(node.settings)).toMatchObject({ node: 'field-7', user: 'ana' });
      }
      node.port.wire = (sent) => sent;
      const answer = new BoardCommands(client).status();
      await settled(answer.then(() => undefined));
      expect((await answer).ok).toBe(true);
      await session.dispose();
    }),
    { numRuns: RUNS },
  );
});
