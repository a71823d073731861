/** What passes between the simulation and a real broker, and how it comes out. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { joined, openLink, until, type TestLink, type TestLinkOptions } from './open-link.ts';
import { PlainClient } from './plain-client.ts';

let broker: RunningMosquitto;
const open: TestLink[] = [];
const clients: PlainClient[] = [];

beforeAll(async () => {
  // For what waits for a page that cannot keep up.
  broker = await startMosquitto({ extraLines: ['max_queued_messages 100000', 'max_queued_bytes 0'] });
});
afterAll(() => broker.stop());
afterEach(async () => {
  await Promise.all([...open.splice(0).map(({ link }) => link.leave()), ...clients.splice(0).map((client) => client.end())]);
});

async function join(options: TestLinkOptions = {}, root = `r${Math.random().toString(36).slice(2)}`) {
  const test = openLink(options);
  open.push(test);
  await joined(test, broker.url, { root });
  return { ...test, test, root };
}

async function board() {
  const client = await PlainClient.open(broker.url, `board-${clients.length}-${Math.random()}`);
  clients.push(client);
  return client;
}

describe('messages', () => {
  it('pass between two pages whole, without their root, and do not come back to their sender', async () => {
    const a = await join();
    const b = await join({}, a.root);
    const sent = {
      topic: 'n1/data',
      payload: '{"t":"ü€😀"}',
      userProperties: { sampledAt: '1000' },
      responseTopic: 'x/reply',
      correlationData: '7',
    };
    a.publish(sent, { topic: 'n1/guest', payload: new Uint8Array([0, 255, 97]) }, { topic: 'n1/status', payload: 'hot', qos: 0 });
    await until(() => b.test.incoming.length === 3, 'three messages came');
    const [data, guest, status] = b.test.incoming;
    expect(data).toMatchObject({ ...sent, qos: 1, retain: false, problem: null });
    expect(Math.abs(data.receivedUs / 1000 - Date.now())).toBeLessThan(5000);
    expect(guest.payload).toEqual(new Uint8Array([0, 255, 97]));
    expect(status).toMatchObject({ topic: 'n1/status', payload: 'hot', qos: 0, userProperties: null });
    expect(a.test.incoming).toEqual([]);
    expect((await a.link.report()).outbox.messages).toBe(0);
  });

  it('that cannot be read come with the reason, or a hostile payload would stop the page', async () => {
    const { test, root } = await join();
    const client = await board();
    await client.publish(`${root}/n1/data`, Buffer.from([0x7b, 0xff, 0xfe]));
    await client.publish(`${root}/n1/data`, Buffer.alloc(1_000_000, 97));
    await client.publish(`${root}/n1/guest`, Buffer.alloc(1_000_000, 1));
    // Mosquitto 2.0 sends the rest of a large message over WebSockets only when something else happens.
    const nudge = setInterval(() => void client.publish('elsewhere', 'x', undefined, 0), 20);
    await until(() => test.incoming.length === 3, 'three messages came');
    clearInterval(nudge);
    expect(test.incoming.map(({ payload, problem }) => [payload?.length ?? null, problem])).toEqual([
      [null, 'The payload is no text: its bytes are not UTF-8.'],
      [null, 'The payload has 1000000 bytes; at most 65536 are taken here.'],
      [1_000_000, null],
    ]);
  });

  it('retained on the broker come after joining, again after each outage, and are never taken for duplicates', async () => {
    const a = await join();
    a.publish({ topic: 'n1/config', payload: '{}', retain: true });
    await until(async () => (await a.link.report()).outbox.messages === 0, 'it was acknowledged');
    const b = await join({}, a.root);
    await until(() => b.test.incoming.length === 1, 'the retained message came');
    b.sockets.cutAll();
    await until(() => b.test.incoming.length === 2, 'the retained message came again');
    expect(b.test.incoming.map(({ retain }) => retain)).toEqual([true, true]);
    expect(b.test.told.map(({ kind }) => kind).filter((kind) => kind !== 'delay')).toEqual(['joined', 'messages', 'lost', 'joined', 'messages']);
  });

  it('delivered twice are handed on once', async () => {
    const { test, root } = await join();
    const client = await board();
    const send = (mid: string) => client.publish(`${root}/n1/data`, 'x', { mid });
    await send('other-1');
    await send('other-2');
    await send('other-1');
    await client.publish(`${root}/n1/data`, 'without');
    await client.publish(`${root}/n1/data`, 'without');
    await until(() => test.incoming.length === 4, 'four messages came');
    expect((await test.link.report()).duplicates).toBe(1);
  });
});

describe('a simulation that cannot keep up', () => {
  it('makes the broker wait instead of filling memory, and misses nothing of QoS 1', async () => {
    const { test, root } = await join({ takes: false });
    const client = await board();
    const total = 30_000;
    const acknowledged = client.publishMany(`${root}/n1/data`, total);
    await until(async () => (await test.link.report()).log.some(({ text }) => text.includes('cannot keep up')), 'it is held');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = test.incoming.length;
    expect(before).toBeLessThan(25_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(test.incoming.length).toBe(before);
    let taken = 0;
    await until(() => {
      const came = test.incoming.length;
      if (came > taken) test.send({ kind: 'took', messages: came - taken });
      taken = came;
      return taken === total;
    }, `all ${total} came`);
    await acknowledged;
    expect((await test.state()).kind).toBe('joined');
  });
});
