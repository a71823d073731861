/** Nodes of a page on the broker: there like boards, and gone like boards. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { delay, joined, openLink, until, type TestLink } from './open-link.ts';
import { PlainClient } from './plain-client.ts';

let broker: RunningMosquitto;
let far: PlainClient;
const open: TestLink[] = [];

beforeAll(async () => {
  broker = await startMosquitto();
});
afterAll(() => broker.stop());
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ link }) => link.leave()));
  await far.end();
});

/** A page with nodes, and who looks on. */
async function pageWith(nodes: number) {
  const root = `r${Math.random().toString(36).slice(2)}`;
  far = await PlainClient.open(broker.url, `far-${Math.random()}`);
  await far.subscribe(`${root}/+/presence`);
  const test = openLink();
  open.push(test);
  for (let i = 0; i < nodes; i += 1) test.send({ kind: 'hold', node: `n${i}`, online: `online ${i}`, offline: `offline ${i}` });
  await joined(test, broker.url, { root });
  return { test, root, presences: () => far.received.map(({ payload }) => payload) };
}

describe('a held node', () => {
  it('is online, and goes offline when the page vanishes', async () => {
    const { test, root, presences } = await pageWith(3);
    await until(() => presences().length === 3, 'all are online');
    expect((await test.link.report()).held).toBe(3);
    test.sockets.cutAll();
    await until(() => presences().filter((payload) => payload.startsWith('offline')).length === 3, 'all are offline');
    // The page was only cut off: it comes back, and its nodes with it.
    await until(() => presences().filter((payload) => payload.startsWith('online')).length === 6, 'all are online again');
    const late = await PlainClient.open(broker.url, 'late');
    await late.subscribe(`${root}/+/presence`);
    await until(() => late.received.length === 3, 'retained presence came');
    expect(late.received.map(({ payload, retain }) => [payload, retain]).sort()).toEqual([['online 0', true], ['online 1', true], ['online 2', true]]);
    await late.end();
    // What this page says of its nodes does not come back to it.
    expect(test.incoming).toEqual([]);
  });

  it('released ends without its will; renewed says so without a new connection', async () => {
    const { test, presences } = await pageWith(2);
    await until(() => presences().length === 2, 'both are online');
    test.send({ kind: 'hold', node: 'n0', online: 'renewed 0', offline: 'offline 0' });
    await until(() => presences().includes('renewed 0'), 'the new presence came');
    test.send({ kind: 'release', node: 'n1' });
    await delay(300);
    expect(presences().slice(2)).toEqual(['renewed 0']);
    expect((await test.link.report()).held).toBe(1);
  });

  it('says goodbye when the user leaves, before its connection ends', async () => {
    const { test, presences } = await pageWith(2);
    await until(() => presences().length === 2, 'both are online');
    await test.link.leave();
    await until(() => presences().length === 4, 'both said goodbye');
    expect(presences().slice(2).sort()).toEqual(['offline 0', 'offline 1']);
    await until(() => test.sockets.count === 0, 'all sockets are closed');
    expect(test.told.at(-1)).toEqual({ kind: 'left' });
  });

  it('beyond a hundred shares the connection of the page', async () => {
    const { test, presences } = await pageWith(130);
    await until(() => new Set(presences()).size === 130, 'all are online');
    await until(async () => (await test.link.report()).held === 100, 'a hundred have connections');
    expect(test.sockets.count).toBe(101);
    test.send({ kind: 'release', node: 'n0' });
    await until(async () => test.sockets.count === 101 && (await test.link.report()).held === 100, 'another took the place');
  });
});
