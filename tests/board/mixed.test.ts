/** A board beside a simulated fleet on one real Mosquitto: what a user who mixes the two relies on. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { parseConfigAck, parsePresence, parseTelemetry } from '../../web/protocol/payloads.ts';
import { parseGuestState, type GuestOffer, type GuestState } from '../../web/protocol/control-payloads.ts';
import { assemble } from '../guests/assemble.ts';
import { builtBytes } from '../guests/built.ts';
import { JoinedSimulation } from '../link/joined-simulation.ts';
import { delay, until } from '../link/open-link.ts';
import { PlainClient } from '../link/plain-client.ts';
import { BoardProcess } from './board-process.ts';
import { makeKey, type TestKey } from './signed-guest.ts';

const NODE = 'b1';
const FIRST = 1200;
const FLEET = 3;

let key: TestKey;
let broker: RunningMosquitto;
let page: JoinedSimulation;
let far: PlainClient;
let board: BoardProcess;

beforeAll(async () => {
  key = await makeKey();
  // Built here, where there is time for it.
  await (await BoardProcess.make({ broker: 'mqtt://localhost:1', node: NODE })).dispose();
});

beforeEach(async () => {
  broker = await startMosquitto({ persistence: true });
  far = await PlainClient.open(broker.url, 'far', 3600);
  await far.subscribe(`ic/${NODE}/#`);
  page = await JoinedSimulation.open(FLEET, 'page');
  await page.join(broker.url);
  await page.settled(FLEET + 2);
  board = await BoardProcess.make({ broker: broker.mqttUrl, node: NODE, keys: key.line });
});

afterEach(async () => {
  await page.close();
  await far.end();
  try {
    await board.dispose();
  } finally {
    await broker.stop();
  }
});

const payloads = (kind: string): string[] => far.received.filter(({ topic }) => topic === `ic/${NODE}/${kind}`).map(({ payload }) => payload);
const states = (): GuestState[] => payloads('guest/state').flatMap((payload) => {
  const state = parseGuestState(payload);
  return state.ok ? [state.value] : [];
});

/** Readings as they came, each once however often it was delivered. */
function readings(): number[] {
  const seen = new Set<string>();
  return far.received.flatMap(({ topic, payload, mid }) => {
    if (topic !== `ic/${NODE}/data`) return [];
    expect(mid, 'a reading tells itself from all others').not.toBeNull();
    if (seen.has(mid!)) return [];
    seen.add(mid!);
    const telemetry = parseTelemetry(payload);
    if (!telemetry.ok) throw new Error(telemetry.reason);
    return [telemetry.value.raw];
  });
}

const from = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);

async function come(count: number): Promise<void> {
  await until(() => readings().length >= count, `${count} readings have come; ${readings().length} did, and the board said:\n${board.log}`, 30_000);
}

async function send(offer: GuestOffer, bytes: Uint8Array): Promise<void> {
  const index = await page.indexOf(NODE);
  const plan = { targets: [{ index, id: NODE }], name: offer.name, sha256: offer.sha256, waves: [], maxFailures: 0, atOnce: 1, timeoutUs: 30e6 };
  await page.outside.startRollout(plan, bytes, offer);
}

const rollout = async () => (await page.frame()).rollout;

/** What went to the page's history of the board: by it the page counts. */
const counted = (): number[] => page.samples(NODE, 'raw').map(({ value }) => value);

describe('a board beside a simulated fleet', () => {
  it('is discovered as a real node, and its readings count once and in order', async () => {
    board.start(FIRST);
    await come(10);
    await until(async () => (await page.indexOf(NODE)) >= 0, 'the page shows it');
    const presence = parsePresence(payloads('presence').at(-1)!);
    expect(presence).toMatchObject({ ok: true, value: { online: true, tier: 'edge', kind: 'real', guest: { name: 'irrigation-c.wasm' } } });
    expect((await page.bridge())?.owned).toBe(FLEET + 2);
    const shown = await page.frame(await page.indexOf(NODE));
    expect(shown.detail?.remote).toMatchObject({ kind: 'real', online: true, plain: false });
    await until(() => payloads('metrics').length > 0, 'it told its metrics');
    expect(readings().slice(0, 10)).toEqual(from(FIRST, 10));
    const pages = counted();
    expect(pages).toEqual(from(pages[0], pages.length));
  });

  it('takes a calibration from the page, keeps it over a restart, and refuses what makes no sense', async () => {
    board.start(FIRST);
    await come(2);
    await until(async () => (await page.indexOf(NODE)) >= 0, 'the page shows it');
    await page.simulation.configure(await page.indexOf(NODE), { dry: 3000, wet: 1000, threshold: 1150, periodMs: 100 });
    await until(() => payloads('config/ack').length > 0, 'it acknowledged');
    expect(parseConfigAck(payloads('config/ack').at(-1)!)).toMatchObject({ ok: true, value: { accepted: true, inForce: { dry: 3000, threshold: 1150 } } });
    await until(() => payloads('data').some((data) => JSON.parse(data).irrigar === 1), 'it waters by the new threshold');
    expect(board.log).toContain('pump on');
    await far.publish(`ic/${NODE}/config`, '{"seco":1000,"molhado":3000,"limiar":2000}');
    await until(() => payloads('config/ack').length > 1, 'it refused');
    expect(parseConfigAck(payloads('config/ack').at(-1)!)).toMatchObject({ ok: true, value: { accepted: false, inForce: { dry: 3000 } } });
    expect(await board.end('SIGINT')).toBe(0);
    expect(parsePresence(payloads('presence').at(-1)!)).toMatchObject({ value: { online: false } });
    await far.retain(`ic/${NODE}/config`, '');
    board.start(FIRST);
    await until(() => payloads('data').length > 0 && JSON.parse(payloads('data').at(-1)!).irrigar === 1, 'it still waters');
  });

  it('answers to ping, bench and restart', async () => {
    board.start(FIRST);
    await come(5);
    await until(async () => (await page.indexOf(NODE)) >= 0, 'the page shows it');
    const index = await page.indexOf(NODE);
    await page.outside.command(index, 'ping');
    await until(async () => (await page.frame(index)).detail?.remote?.clock?.samples === 1, 'its clock is known');
    expect(Math.abs((await page.frame(index)).detail!.remote!.clock!.offsetMs)).toBeLessThan(100);
    await page.outside.command(index, 'bench');
    await until(() => payloads('reply').some((reply) => JSON.parse(reply).us_per_step > 0), 'the bench is done');
    expect(JSON.parse(payloads('reply').at(-1)!)).toMatchObject({ ok: 1, instructions_per_step: expect.any(Number) as number, wasm_call_us: expect.any(Number) as number });
    const before = payloads('data').length;
    await page.outside.command(index, 'restart');
    await until(() => payloads('data').slice(before).some((data) => JSON.parse(data).seq === 0), 'the guest started over');
  });

  it('has its guest replaced by one that a key of its own vouches for', async () => {
    board.start(FIRST);
    await come(3);
    await until(async () => (await page.indexOf(NODE)) >= 0, 'the page shows it');
    const rust = builtBytes('irrigation-rust');
    const offer = await key.sign('Rust guest', rust);
    await send(offer, rust);
    await until(async () => (await rollout())?.state === 'done', 'the rollout is done', 30_000);
    expect(await rollout()).toMatchObject({ accepted: 1, failed: [] });
    expect(states().map(({ phase }) => phase)).toEqual(['verifying', 'trying', 'trying', 'trying', 'accepted']);
    expect(parsePresence(payloads('presence').at(-1)!)).toMatchObject({ value: { guest: { sha256: offer.sha256 } } });
    await board.end('SIGKILL');
    board.start(FIRST);
    await until(() => board.log.split('Rust guest').length > 4 && parsePresence(payloads('presence').at(-1)!).ok, 'it runs after a power cut, too');
  });

  it('rolls back a guest that traps, refuses what no trusted key vouches for, and its old guest runs on', async () => {
    board.start(FIRST);
    await come(3);
    await until(async () => (await page.indexOf(NODE)) >= 0, 'the page shows it');
    const trapping = await assemble('trap');
    await send(await key.sign('trap', trapping), trapping);
    await until(async () => (await rollout())?.state === 'stopped', 'the rollout has stopped', 30_000);
    expect(states().at(-1)).toMatchObject({ phase: 'rolled-back', reason: expect.stringContaining('the old one runs again') as string });
    const stranger = await makeKey();
    const rust = builtBytes('irrigation-rust');
    await send(await stranger.sign('Rust guest', rust), rust);
    await until(() => states().at(-1)?.phase === 'refused', 'it was refused', 30_000);
    expect(states().at(-1)?.reason).toMatch(/not one this board trusts/);
    const before = readings().length;
    await come(before + 5);
    expect(parsePresence(payloads('presence').at(-1)!)).toMatchObject({ value: { guest: { name: 'irrigation-c.wasm' } } });
  });

  it('killed and back: readings that waited come first, none is lost, none counts twice', async () => {
    board.start(FIRST);
    await come(10);
    // Without a broker they wait in flash, which a cut of the power does not empty.
    await broker.kill();
    const online = readings().length;
    await delay(3000);
    await board.end('SIGKILL');
    await broker.restart();
    await until(() => far.connected, 'the far end is back');
    // A broker that was killed has forgotten who listens.
    await far.subscribe(`ic/${NODE}/#`);
    await until(async () => (await page.bridge())?.up === true, 'the page is back');
    board.start(3000);
    await until(() => readings().includes(3005), `readings of the second life have come; the board said:\n${board.log}`, 30_000);
    const all = readings();
    const second = all.indexOf(3000);
    expect(second).toBeGreaterThan(online + 5);
    expect(all).toEqual([...from(FIRST, second), ...from(3000, all.length - second)]);
    await until(() => counted().includes(3005), 'they have come to the page', 30_000);
    const pages = counted();
    const last = pages.at(-1)!;
    expect(pages).toEqual([...from(pages[0], FIRST + second - pages[0]), ...from(3000, last - 3000 + 1)]);
  });

  it('loses nothing when the broker ends and comes back, and counts nothing twice', async () => {
    board.start(FIRST);
    await come(10);
    for (let outage = 0; outage < 2; outage += 1) {
      await broker.kill('SIGTERM');
      await delay(2500);
      await broker.restart();
      await until(() => far.connected, 'the far end is back');
      const before = readings().length;
      await come(before + 15);
    }
    const all = readings();
    expect(all).toEqual(from(FIRST, all.length));
    const mark = all.at(-1)!;
    await until(() => counted().includes(mark), 'they have come to the page', 30_000);
    const pages = counted();
    expect(pages).toEqual(from(pages[0], pages.length));
    // Its last will is not left standing.
    expect(parsePresence(payloads('presence').at(-1)!)).toMatchObject({ value: { online: true } });
  });
});
