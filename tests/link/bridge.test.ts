/** Simulations and boards on one real broker: who speaks for whom, and that nothing is mixed up. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { JoinedSimulation } from './joined-simulation.ts';
import { delay, until } from './open-link.ts';
import { PlainClient } from './plain-client.ts';

let broker: RunningMosquitto;
let board: PlainClient;
const open: JoinedSimulation[] = [];

beforeEach(async () => {
  broker = await startMosquitto();
  board = await PlainClient.open(broker.url, 'board');
  await board.subscribe('ic/#');
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await board.end();
  await broker.stop();
});

async function simulate(nodes: number, clientId: string): Promise<JoinedSimulation> {
  const joined = await JoinedSimulation.open(nodes, clientId);
  open.push(joined);
  return joined;
}

const reading = (raw: number) => JSON.stringify({ raw, pct: 50, irrigar: raw > 1700 ? 1 : 0 });
const config = (limiar: number) => JSON.stringify({ seco: 2600, molhado: 1100, limiar });

describe('joining', () => {
  it('leaves the calibration of real boards alone, and takes over what the broker has for its own nodes', async () => {
    await board.retain('ic/esp32-1/presence', JSON.stringify({ online: true, tier: 'edge', kind: 'real' }));
    await board.retain('ic/esp32-2/config', config(1300));
    const page = await simulate(2, 'page-a');
    await page.simulation.advanceTo(10e6);
    await page.simulation.configure(null, { dry: 2600, wet: 1100, threshold: 2500 });
    await page.simulation.advanceTo(20e6);
    await page.join(broker.url);
    await page.settled(3);
    await until(async () => (await page.frame(1)).detail?.config?.threshold === 1300, 'the retained configuration is in force');
    expect(board.received.filter(({ topic }) => topic === 'ic/esp32-1/config')).toEqual([]);
    expect((await page.bridge())!.ceded).toEqual([{ node: 'esp32-1', owner: null }]);
  });

  it('gives up no node for what is no reading', async () => {
    const page = await simulate(2, 'page-b');
    await page.join(broker.url);
    await page.settled(4);
    for (const topic of ['ic/esp32-1/data', 'ic/fog/data', 'ic/cloud/data']) await board.publish(topic, 'garbage');
    await until(async () => (await page.bridge())!.received >= 3, 'the garbage has come');
    const bridge = (await page.bridge())!;
    expect(bridge).toMatchObject({ owned: 4, ceded: [] });
    expect(bridge.rejected.total).toBeGreaterThan(0);
    await board.publish('ic/esp32-1/data', reading(1500));
    await until(async () => (await page.bridge())!.owned === 3, 'a reading shows that a board is there');
  });

  it('settles although the scenario is loaded anew meanwhile', async () => {
    await board.retain('ic/vaso/presence', JSON.stringify({ online: true, tier: 'edge', kind: 'real' }));
    const page = await simulate(2, 'page-c');
    await page.join(broker.url);
    await page.simulation.load({ ...(await import('../../web/sim/scenario.ts')).defaultScenario, nodes: 3 });
    await page.settled(5);
    await until(async () => (await page.indexOf('vaso')) >= 0, 'the board is found');
  });
});

it('keeps every reading that comes at once, each at a time of its own, or an outage would leave one of them', async () => {
  const page = await simulate(1, 'page-d');
  await page.join(broker.url);
  await page.settled(3);
  const raws = Array.from({ length: 20 }, (_, index) => 1500 + index);
  await Promise.all(raws.map((raw) => board.publish('ic/vaso/data', reading(raw))));
  await until(() => page.samples('vaso', 'raw').length === raws.length, 'all samples are handed to history');
  const samples = page.samples('vaso', 'raw');
  expect(samples.map(({ value }) => value)).toEqual(raws);
  expect(new Set(samples.map(({ timeMs }) => timeMs)).size).toBe(raws.length);
  // A board that could stamp its readings while the page was away.
  const sampledAt = (Date.now() - 3_600_000) * 1000;
  await board.publish('ic/vaso/data', reading(1777), { sampledAt: String(sampledAt) });
  await until(() => page.samples('vaso', 'raw').length === raws.length + 1, 'the old reading is handed to history');
  expect(page.samples('vaso', 'raw').at(-1)!.timeMs).toBeCloseTo(sampledAt / 1000, -2);
});

it('tells nodes apart after leaving and joining again', async () => {
  const page = await simulate(1, 'page-e');
  await page.join(broker.url);
  await page.settled(3);
  await board.publish('ic/a/data', reading(1111));
  await until(async () => (await page.indexOf('a')) >= 0, 'a is found');
  await board.publish('ic/b/data', reading(2222));
  await until(async () => (await page.indexOf('b')) >= 0, 'b is found');
  await page.leave();
  await until(async () => (await page.bridge()) === null, 'the broker is left');
  await page.join(broker.url);
  await page.settled(3);
  board.received.length = 0;
  await board.publish('ic/b/data', reading(2500));
  const processed = () => board.received.filter(({ topic }) => topic === 'ic/fog/processed').map(({ payload }) => JSON.parse(payload) as { device: string; raw: number });
  await until(() => processed().some(({ raw }) => raw === 2500), 'the fog has worked on it');
  expect(processed().find(({ raw }) => raw === 2500)?.device).toBe('b');
  await until(() => page.samples('b', 'raw').some(({ value }) => value === 2500), 'it is in history');
  expect(page.samples('a', 'raw').map(({ value }) => value)).toEqual([1111]);
});

it('runs a node that was asked for while another page still ran it, once that page has left', async () => {
  const [first, second] = [await simulate(1, 'page-h'), await simulate(1, 'page-i')];
  board.received.length = 0;
  await first.join(broker.url);
  await first.settled(3);
  await until(() => board.received.some(({ topic }) => topic === 'ic/esp32-1/presence'), 'the node is announced');
  await second.join(broker.url);
  await until(async () => (await second.bridge())!.ceded.length === 3, 'the second page yields all');
  await second.outside.setMode(0, 'simulated');
  expect((await second.bridge())!.owned).toBe(0);
  await first.leave();
  await until(async () => (await second.bridge())!.owned === 3, 'the second page speaks for all');
  const online = (): boolean => {
    const last = board.received.filter(({ topic }) => topic === 'ic/esp32-1/presence').at(-1)!;
    return (JSON.parse(last.payload) as { online: boolean }).online;
  };
  await until(() => online(), 'it says that the node is there');
});

it('runs a node in one page at a time, and yields to none that is gone', async () => {
  const [first, second] = [await simulate(2, 'page-f'), await simulate(2, 'page-g')];
  await first.join(broker.url);
  await first.settled(4);
  await until(() => board.received.some(({ topic }) => topic === 'ic/esp32-2/presence'), 'the nodes are announced');
  await second.join(broker.url);
  await until(async () => (await second.bridge())!.ceded.length === 4, 'the second page yields all');
  expect((await first.bridge())!.owned).toBe(4);
  await first.leave();
  // Fog and cloud work for all again without being asked; edge nodes wait for a word.
  await until(async () => (await second.bridge())!.owned === 2, 'fog and cloud are the second page\'s');
  await second.outside.setMode(0, 'simulated');
  await until(async () => (await second.bridge())!.owned === 3, 'the node that was asked for is run here');
  await delay(100);
  expect((await second.frame(0)).detail?.mode).toBe('simulated');
});
