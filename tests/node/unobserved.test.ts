/** What nobody looks at must happen all the same: experiments run unobserved, and the page shows the observed world. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { guestLimits } from '../../web/app/guest-limits.ts';
import { createEngine, type GuestEngine } from '../../web/guest/engine.ts';
import { loadGuest, type LoadedGuest } from '../../web/guest/loaded-guest.ts';
import { Broker } from '../../web/mqtt/broker.ts';
import { encodeStamps } from '../../web/protocol/latency.ts';
import { parseDailyWeather, type DailyWeather } from '../../web/sim/models/daily-weather.ts';
import { defaultScenario, type Scenario } from '../../web/sim/scenario.ts';
import { digestOf, unobserved } from '../../web/sim/unobserved.ts';
import { World } from '../../web/sim/world.ts';
import { nodeGuestThreads } from './node-guest-threads.ts';

const MINUTE_US = 60e6;
const weatherPath = new URL('../../node_modules/vega-datasets/data/seattle-weather.csv', import.meta.url);
const modulePath = new URL('../../web/guest/modules/irrigation-c.wasm', import.meta.url);

let engine: GuestEngine;
let guests: Map<string, LoadedGuest>;
let weather: DailyWeather[];
beforeAll(async () => {
  const opened = await createEngine('workers', nodeGuestThreads);
  if (typeof opened === 'string') throw new Error(opened);
  engine = opened;
  const loaded = await loadGuest('irrigation-c.wasm', await readFile(modulePath), guestLimits);
  if (!loaded.ok) throw new Error(loaded.reason);
  guests = new Map([['c', loaded.guest]]);
  weather = parseDailyWeather(await readFile(weatherPath, 'utf8'));
});

/** A run in which much happens, and everything that can be measured of it. */
async function measured(scenario: Scenario, isUnobserved: boolean) {
  const sensed: number[][] = [];
  const arrived: Record<string, string>[] = [];
  const broker = new Broker();
  const unseen = isUnobserved ? unobserved(broker) : null;
  const world: World = new World({
    scenario,
    guests,
    alone: new Map(),
    newBroker: () => broker,
    installer: { install: () => Promise.resolve({ ok: false, reason: 'No guest comes over MQTT here.' }) },
    engine,
    weather,
    meter: {
      sensed: (index, raw) => sensed.push([world.kernel.nowUs, index, raw]),
      arrived: (stamps) => arrived.push(encodeStamps(stamps)),
    },
    ...(unseen && { unobserved: unseen }),
  });
  const { kernel } = world;
  world.configure(null, { dry: 2600, wet: 1100, threshold: 1700, periodMs: 5000 });
  await kernel.runUntil(4 * MINUTE_US);
  world.inject(0, 'spike');
  world.configure(1, { dry: 2600, wet: 1100, threshold: 1200, periodMs: 2000 });
  await kernel.runUntil(8 * MINUTE_US);
  world.power(0, false);
  world.restart(1);
  await kernel.runUntil(14 * MINUTE_US);
  world.power(0, true);
  await kernel.runUntil(20 * MINUTE_US);

  const { nowUs, executed } = kernel;
  const edges = world.edges.map(({ board, links, journal, runner, config, lastRaw, state }) => {
    board.waterTo(nowUs);
    const { soil, energy } = board;
    return {
      energy: energy.byState(nowUs),
      water: [soil.totals, soil.waterContent],
      links: [links?.up.carried, links?.down.carried],
      traffic: journal.traffic,
      steps: [runner?.steps, runner?.restarts, runner?.cpuUsPerStep, runner?.instructionsPerStep],
      ...{ config, lastRaw, state },
    };
  });
  const tiers = [world.fog, world.cloud].map(({ links, journal, busyUs, steps, rejected }) => {
    return { links: [links?.up.carried, links?.down.carried], traffic: journal.traffic, busyUs, steps, rejected };
  });
  const notices = world.notices.toArray().map(({ timeUs, text }) => [timeUs, text]);
  const run = { executed, sensed, arrived, edges, tiers, totals: world.totals, received: world.broker.stats.received, notices };
  world.stop();
  const logs = unseen ? [unseen.edge.log, unseen.fog.log, unseen.log] : [world.log];
  const lines = logs.reduce((sum, log) => sum + log.lines, 0);
  return { run: structuredClone(run), digest: unseen && digestOf(unseen), lines };
}

const links = { 'link.wifi.lossProbability': 0.05, 'link.wan.lossProbability': 0.05 } as const;
const shared: Scenario = { ...defaultScenario, nodes: 3, guest: 'c', seed: 7, parameters: links };

test.each([
  ['C', 1],
  ['B', 0],
  ['E', 1],
  ['E', 0],
] as const)('strategy %s at QoS %i: the unobserved run is the observed one in every number, else an experiment would measure another system', async (strategy, qos) => {
  const scenario: Scenario = { ...shared, strategy, qos };
  const observed = await measured(scenario, false);
  const unseen = await measured(scenario, true);
  expect(observed.run.sensed.length).toBeGreaterThan(500);
  expect(observed.run.arrived.length).toBeGreaterThan(400);
  expect(observed.run.totals.lost).toBeGreaterThan(20);
  expect(observed.run.edges[1].water).not.toEqual(observed.run.edges[2].water);
  expect(unseen.run).toEqual(observed.run);
  expect(unseen.lines).toBe(observed.lines);
}, 120_000);

test('the digest of an unobserved run tells two runs apart, and equal ones it does not', async () => {
  const scenario: Scenario = { ...shared, strategy: 'E' };
  const { digest } = await measured(scenario, true);
  expect((await measured(scenario, true)).digest).toBe(digest);
  expect((await measured({ ...scenario, seed: 8 }, true)).digest).not.toBe(digest);
  // One parameter, which changes no message's order or size.
  const slower = { ...links, 'link.wan.latencyMedianMs': 25.001 };
  expect((await measured({ ...scenario, parameters: slower }, true)).digest).not.toBe(digest);
});
