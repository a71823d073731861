import { describe, expect, it } from 'vitest';
import type { Outgoing } from '../../sim/link-port.ts';
import type { Connection, Outcome, PublishOptions } from './connection.ts';
import { MemoryOutboxStore } from './outbox-store.ts';
import { Outbox } from './outbox.ts';

const message: Outgoing = { topic: 'n1/data', payload: 'x', qos: 1, retain: false, userProperties: null, responseTopic: null, correlationData: null, expiryS: null };

/** A connection that keeps what it is given, to be answered by the test. */
class Wire {
  readonly connected = true;
  readonly maximumPacketBytes = null;
  readonly sent: { payload: unknown; options: PublishOptions; answer: (outcome: Outcome) => void }[] = [];
  readonly window: number;

  constructor(window: number) {
    this.window = window;
  }

  publish(_topic: string, payload: unknown, options: PublishOptions, answer: (outcome: Outcome) => void): void {
    this.sent.push({ payload, options, answer });
  }

  get connection(): Connection {
    return this as unknown as Connection;
  }
}

async function opened(store = new MemoryOutboxStore(), nowMs = () => 1000) {
  const said: string[] = [];
  const outbox = new Outbox({ store, storeProblem: null, nowMs, say: (text) => said.push(text), onSent: () => undefined });
  await outbox.open('broker', 'tab');
  return { outbox, said };
}

describe('the outbox', () => {
  it('never has more on the way than the broker allows, or the broker would end the connection', async () => {
    const { outbox } = await opened();
    const wire = new Wire(3);
    outbox.connected(wire.connection);
    for (let i = 0; i < 5; i += 1) outbox.add('t', { ...message, payload: String(i) });
    expect(wire.sent.map(({ payload }) => payload)).toEqual(['0', '1', '2']);
    wire.sent[0].answer({ ok: true });
    expect(wire.sent.map(({ payload }) => payload)).toEqual(['0', '1', '2', '3']);
  });

  it('sends again in order and under the same ids after an outage, and does not hear the old connection any more', async () => {
    const { outbox } = await opened();
    const first = new Wire(2);
    outbox.connected(first.connection);
    for (let i = 0; i < 3; i += 1) outbox.add('t', { ...message, payload: String(i) });
    first.sent[1].answer({ ok: true });
    outbox.disconnected();
    first.sent[0].answer({ ok: true });
    const second = new Wire(10);
    outbox.connected(second.connection);
    expect(second.sent.map(({ payload }) => payload)).toEqual(['0', '2']);
    expect(second.sent[0].options.userProperties).toEqual(first.sent[0].options.userProperties);
    expect(first.sent[0].options.userProperties).toEqual({ mid: 'tab-1000001' });
  });

  it('gives up the oldest when it is full, counts and says it, instead of filling the memory', async () => {
    const { outbox, said } = await opened();
    for (let i = 0; i < 200_005; i += 1) outbox.add('t', message);
    expect(outbox.summary).toMatchObject({ messages: 200_000, dropped: 5 });
    expect(said[0]).toBe('The outbox is full: its oldest messages are given up.');
    const large = { ...message, payload: new Uint8Array(1_000_000) };
    for (let i = 0; i < 70; i += 1) outbox.add('t', large);
    expect(outbox.summary.bytes).toBeLessThanOrEqual(64 * 1024 * 1024);
    await outbox.discard();
    expect(outbox.summary).toMatchObject({ messages: 0, bytes: 0 });
  });

  it('lets what has expired go, and shortens what is left of the time of the rest', async () => {
    let nowMs = 1000;
    const { outbox } = await opened(new MemoryOutboxStore(), () => nowMs);
    outbox.add('t', { ...message, payload: 'short', expiryS: 10 });
    outbox.add('t', { ...message, payload: 'long', expiryS: 60 });
    nowMs += 20_000;
    const wire = new Wire(10);
    outbox.connected(wire.connection);
    expect(wire.sent.map(({ payload, options }) => [payload, options.expiryS])).toEqual([['long', 40]]);
    expect(outbox.summary.messages).toBe(1);
  });

  it('stores nothing that is acknowledged soon, and forgets what was stored once it is', async () => {
    const store = new MemoryOutboxStore();
    const { outbox } = await opened(store, () => performance.now());
    const wire = new Wire(10);
    outbox.connected(wire.connection);
    outbox.add('t', { ...message, payload: 'soon' });
    wire.sent[0].answer({ ok: true });
    outbox.add('t', { ...message, payload: 'late' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await store.load('broker')).map(({ payload }) => payload)).toEqual(['late']);
    wire.sent[1].answer({ ok: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await store.load('broker')).toEqual([]);
  });
});
