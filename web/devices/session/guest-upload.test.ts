import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { command } from './commands.ts';
import { GuestUpload } from './guest-upload.ts';
import { ImprovClient } from './improv-client.ts';
import { ScriptedNode } from './scripted-node-fixture.ts';
import { SerialSession } from './serial-session.ts';

let node: ScriptedNode;
let session: SerialSession;
let upload: GuestUpload;
let kinds: string[];

beforeEach(async () => {
  vi.useFakeTimers();
  node = new ScriptedNode();
  session = new SerialSession(node.port);
  upload = new GuestUpload(new ImprovClient(session));
  kinds = [];
  upload.subscribe(() => {
    if (kinds.at(-1) !== upload.state.kind) kinds.push(upload.state.kind);
  });
  await session.open();
});
afterEach(async () => {
  upload.cancel();
  await session.dispose();
  vi.useRealTimers();
});

async function settled(work: Promise<void>): Promise<void> {
  let there = false;
  void work.then(() => (there = true));
  while (!there) await vi.advanceTimersByTimeAsync(50);
}

const bytes = Uint8Array.from({ length: 3000 }, (_, i) => (i * 7) & 0xff);
const module = { name: 'irrigation.wasm', bytes, signed: null };
const sentBytes = () => node.port.requests.filter((request) => request.command === command.guestData).reduce((sum, { data }) => sum + data.length - 4, 0);

describe('a guest for a board', () => {
  it('arrives whole, is tried and runs', async () => {
    await settled(upload.start(module));
    expect(kinds).toEqual(['preparing', 'sending', 'verifying', 'trying', 'running']);
    expect(node.guest.bytes).toEqual([...bytes]);
    expect(upload.state).toMatchObject({ kind: 'running', name: 'irrigation.wasm', sha256: node.guest.sha256 });
  });

  it('is signed as it was offered', async () => {
    const signature = Uint8Array.from({ length: 64 }, (_, i) => i);
    await settled(upload.start({ ...module, signed: { key: '21fe31dfa154a261', signature } }));
    const begin = node.port.requests.find((request) => request.command === command.guestBegin)!;
    expect(Buffer.from(begin.data.subarray(36, 44)).toString('hex')).toBe('21fe31dfa154a261');
    expect(begin.data.subarray(44, 108)).toEqual(signature);
  });

  it('that fails its trial is told with the board\'s reason', async () => {
    node.trial = 'rolled-back';
    await settled(upload.start(module));
    expect(upload.state).toEqual({ kind: 'rolled-back', reason: 'The guest trapped: unreachable.', running: 'old.wasm' });
  });

  it('goes on where it was when the cable was pulled', async () => {
    const answer = node.port.answer;
    node.port.answer = (request) => {
      if (node.guest.bytes.length > 1500 && request.command === command.guestData) node.port.unplug();
      else answer(request);
    };
    await settled(upload.start(module));
    expect(upload.state).toMatchObject({ kind: 'failed', resumable: true, diagnosis: { cause: 'port-lost' } });
    const kept = node.guest.bytes.length;
    node.port.answer = answer;
    node.port.plug();
    await vi.advanceTimersByTimeAsync(3000);
    const before = sentBytes();
    await settled(upload.start(module));
    expect(upload.state.kind).toBe('running');
    expect(sentBytes() - before).toBe(bytes.length - kept);
  });

  it('can be cancelled, and the board keeps what it has', async () => {
    upload.subscribe(() => {
      if (upload.state.kind === 'sending' && upload.state.doneBytes > 1000) upload.cancel();
    });
    await settled(upload.start(module));
    expect(upload.state).toEqual({ kind: 'cancelled', keptBytes: node.guest.bytes.length });
  });

  it('arrives over a line that loses every tenth answer', async () => {
    const answer = node.port.answer;
    let asked = 0;
    node.port.answer = (request) => {
      if (++asked % 10 === 0) node.swallow = 1;
      answer(request);
    };
    await settled(upload.start(module));
    expect(node.guest.bytes).toEqual([...bytes]);
    expect(upload.state.kind).toBe('running');
  });

  it('is refused in words: what cannot be sent, what the board does not take, and a line that goes round in circles', async () => {
    await settled(upload.start({ ...module, name: '' }));
    expect(upload.state).toMatchObject({ kind: 'refused', reason: expect.stringContaining('name') });
    await settled(upload.start({ ...module, bytes: new Uint8Array(0) }));
    expect(upload.state).toMatchObject({ kind: 'refused', reason: expect.stringContaining('empty') });
    const answer = node.port.answer;
    node.port.answer = (request) =>
      request.command === command.guestBegin ? node.result(command.guestBegin, 'refused', 'The guest is not signed by a key of this board.') : answer(request);
    await settled(upload.start(module));
    expect(upload.state).toEqual({ kind: 'refused', reason: 'The guest is not signed by a key of this board.' });
    node.port.answer = (request) => (request.command === command.guestData ? node.result(command.guestData, 'ok', '0') : answer(request));
    await settled(upload.start(module));
    expect(upload.state).toMatchObject({ kind: 'failed', diagnosis: { what: expect.stringContaining('same piece again') } });
  });
});
