/** The network and the broker go, and come back; nothing of QoS 1 is lost, and nothing counts twice. */
import { afterEach, describe, expect, it } from 'vitest';
import { startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { MemoryOutboxStore } from '../../web/mqtt/link/outbox-store.ts';
import { delay, joined, openLink, profileFor, until, type TestLink } from './open-link.ts';
import { PlainClient } from './plain-client.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function broker(options = {}): Promise<RunningMosquitto> {
  const running = await startMosquitto(options);
  closing.push(() => running.stop());
  return running;
}

function link(options = {}): TestLink {
  const test = openLink(options);
  closing.push(() => test.link.leave());
  return test;
}

async function farEnd(url: string): Promise<PlainClient> {
  const client = await PlainClient.open(url, `far-${Math.random()}`, 3600);
  closing.push(() => client.end());
  await client.subscribe('ic/#');
  return client;
}

describe('an outage', () => {
  it('of a killed broker loses nothing under 100 messages a second, and a second page counts each once', async () => {
    const mosquitto = await broker();
    const near = link({ random: () => 0 });
    const far = link({ random: () => 0 });
    await joined(near, mosquitto.url);
    await joined(far, mosquitto.url);
    let next = 0;
    const timer = setInterval(() => near.publish({ topic: 'n1/data', payload: String(next++) }), 10);
    await delay(1500);
    await mosquitto.kill();
    await delay(2500);
    expect((await near.state()).kind).toMatch(/waiting|joining/);
    expect((await near.link.report()).outbox.messages).toBeGreaterThan(100);
    await mosquitto.restart();
    await until(async () => (await near.state()).kind === 'joined' && (await far.state()).kind === 'joined', 'both are back');
    await delay(1000);
    clearInterval(timer);
    await until(async () => (await near.link.report()).outbox.messages === 0, 'all is acknowledged');
    await until(() => far.incoming.length >= next, 'all has come');
    await delay(200);
    const numbers = far.incoming.map(({ payload }) => Number(payload));
    expect(numbers.length).toBe(next);
    expect(new Set(numbers).size).toBe(next);
  });

  it('of the network alone: what the broker kept for us comes, in order', async () => {
    const mosquitto = await broker();
    const test = link();
    await joined(test, mosquitto.url);
    const board = await PlainClient.open(mosquitto.url, 'board');
    closing.push(() => board.end());
    await board.publish('ic/n1/data', 'before');
    test.sockets.cutAll();
    await until(async () => (await test.state()).kind === 'waiting', 'the loss is noticed');
    for (let i = 0; i < 50; i += 1) await board.publish('ic/n1/data', String(i));
    await test.link.retryNow();
    await until(() => test.incoming.length === 51, 'all has come');
    expect(test.incoming.slice(1).map(({ payload }) => payload)).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
    expect(await test.state()).toMatchObject({ kind: 'joined', resumed: true });
  });

  it('waits longer from attempt to attempt and says why', async () => {
    const mosquitto = await broker();
    const test = link({ random: () => 1 });
    await joined(test, mosquitto.url);
    await mosquitto.kill();
    await until(async () => (await test.state()).kind === 'waiting', 'it waits');
    const first = await test.state();
    expect(first).toMatchObject({ kind: 'waiting', attempt: 0, problem: { kind: 'lost', sentence: 'The connection to the broker broke off.' } });
    await test.link.retryNow();
    await until(async () => (await test.state()).kind === 'waiting', 'it waits again');
    await test.link.retryNow();
    await until(async () => (await test.state()).kind === 'waiting', 'it waits once more');
    const third = await test.state();
    expect(third.kind === 'waiting' ? third.retryAtMs - Date.now() : 0).toBeGreaterThan(1500);
  });
});

describe('the outbox', () => {
  it('outlives a closed tab: what was not delivered goes first, under the ids it had', async () => {
    const mosquitto = await broker();
    const far = await farEnd(mosquitto.url);
    const store = new MemoryOutboxStore();
    const before = openLink({ clientId: 'tab', outboxStore: store });
    await joined(before, mosquitto.url);
    await mosquitto.kill();
    await until(async () => (await before.state()).kind === 'waiting', 'the loss is noticed');
    for (let i = 0; i < 500; i += 1) before.publish({ topic: 'n1/data', payload: String(i) });
    await until(async () => (await store.load('ws')).length === 0 && (await stored(store, mosquitto.url)) === 500, 'all is stored');
    // The tab is gone: this link never gets another turn.
    await before.link.leave();
    await mosquitto.restart();
    await until(() => far.connected, 'the far end is back');
    await far.subscribe('ic/#');
    const after = link({ clientId: 'tab', outboxStore: store });
    await after.link.join(profileFor(mosquitto.url), '');
    after.publish({ topic: 'n1/data', payload: 'new' });
    await until(() => far.received.length === 501, 'all has come');
    expect(far.received.map(({ payload }) => payload)).toEqual([...Array.from({ length: 500 }, (_, i) => String(i)), 'new']);
    expect(new Set(far.received.map(({ mid }) => mid)).size).toBe(501);
    await until(async () => (await stored(store, mosquitto.url)) === 0, 'nothing is stored any more');
  });

  it('gives up what the broker refuses, and says which topic it was, instead of sending it for ever', async () => {
    const mosquitto = await broker({
      users: [
        { name: 'n1', password: 'secret', role: 'board' },
        { name: 'lab', password: 'secret', role: 'lab' },
      ],
    });
    const test = link();
    await test.link.join(profileFor(mosquitto.url, { username: 'n1' }), 'secret');
    await until(async () => (await test.state()).kind === 'joined', 'the broker is joined');
    test.publish({ topic: 'n2/data' }, { topic: 'n1/data' });
    await until(async () => (await test.link.report()).outbox.messages === 0, 'the outbox is empty');
    expect((await test.link.report()).log[0].text).toBe('The broker refused a message to ic/n2/data: this user may not publish there. It is not sent again.');
  });

  it('does not let a message that is too large stand in the way of the others', async () => {
    const mosquitto = await broker();
    const test = link();
    await joined(test, mosquitto.url);
    test.publish({ topic: 'n1/guest', payload: new Uint8Array(3_000_000) }, { topic: 'n1/data' });
    await until(async () => (await test.link.report()).outbox.messages === 0, 'the outbox is empty');
    expect((await test.link.report()).log.some(({ text }) => text.startsWith('The broker refused a message to ic/n1/guest'))).toBe(true);
  });

  it('can be discarded, and says how much that was', async () => {
    const mosquitto = await broker();
    const test = link();
    await joined(test, mosquitto.url);
    await mosquitto.kill();
    await until(async () => (await test.state()).kind === 'waiting', 'the loss is noticed');
    test.publish({ topic: 'n1/data' }, { topic: 'n1/data' });
    expect((await test.link.report()).outbox).toMatchObject({ messages: 2 });
    await test.link.discardOutbox();
    expect((await test.link.report()).outbox).toMatchObject({ messages: 0, bytes: 0, oldestMs: null });
    expect((await test.link.report()).log[0].text).toBe('Gave up 2 messages that the broker had not acknowledged.');
  });
});

async function stored(store: MemoryOutboxStore, url: string): Promise<number> {
  return (await store.load(`${url}  ic tab`)).length;
}
