/** Whole simulations with guests that cannot be metered. */
import { beforeAll, expect, test } from 'vitest';
import type { Simulation } from '../../web/app/simulation.ts';
import { defaultScenario, type Scenario } from '../../web/sim/scenario.ts';
import { nodeStates, type Frame } from '../../web/sim/snapshot.ts';
import { assemble, simdGuest } from '../guests/assemble.ts';
import { openSimulation } from './open-simulation.ts';

const MINUTE_US = 60e6;
const small: Scenario = { ...defaultScenario, nodes: 3 };
const fog = small.nodes;
const cloud = fog + 1;

let simulation: Simulation;
beforeAll(async () => {
  simulation = await openSimulation({ sliceMs: 1000, silenceMs: 30_000 });
});

const frame = (selected: number): Promise<Frame> =>
  simulation.frame({ epoch: -1, roster: 0, selected, watched: 0, seriesAfterS: -1, lastNotice: 0, wantDetail: true });

async function runOn(index: number, name: string, bytes: Uint8Array): Promise<Frame> {
  await simulation.load(small);
  const added = await simulation.addGuest(name, bytes);
  if (!added.ok) throw new Error(added.reason);
  expect(added.note).toMatch(new RegExp(`^${name} uses SIMD`));
  expect(await simulation.setGuest(index, added.id)).toBeNull();
  await simulation.advanceTo(2 * MINUTE_US);
  return frame(index);
}

const stateOf = (shown: Frame, index: number): string => nodeStates[shown.nodes.state[index]];
const readingsOf = async (id: string): Promise<number> =>
  (await simulation.log()).text.split('\n').filter((line) => line.includes(`\tpublish\tic/${id}/data`)).length;

test('a SIMD guest on an edge node sends its readings all the way, and its cost is unknown, not zero', async () => {
  const { detail, series, health } = await runOn(0, 'simd.wasm', await simdGuest());
  expect(health).toMatchObject({ running: 5, faulted: 0 });
  expect(detail?.messages.at(-1)?.payload).toMatch(/"irrigar"/);
  expect(detail?.steps).toBeGreaterThan(30);
  expect([detail?.instructionsPerStep, detail?.cpuUsPerStep]).toEqual([NaN, NaN]);
  expect(detail?.energy?.totalJ).toBeGreaterThan(0);
  expect(series.cloudEma.some(Number.isFinite)).toBe(true);
});

test('a SIMD guest on the fog and on the cloud filters what the edge sends', async () => {
  const { health, detail } = await runOn(fog, 'simd.wasm', await simdGuest());
  expect(health).toMatchObject({ running: 5, faulted: 0 });
  expect(detail?.memory).toMatchObject({ instances: 3, declaredBytes: 3 * 65_536 });
  const shown = await runOn(cloud, 'simd.wasm', await simdGuest());
  expect(shown.detail?.memory).toMatchObject({ instances: 6, declaredBytes: 6 * 65_536 });
  expect(shown.detail?.cpuUsPerStep).toBeNaN();
  expect(shown.series.fogEma.some(Number.isFinite)).toBe(true);
  expect(shown.series.cloudEma.some(Number.isFinite)).toBe(true);
});

test('the same SIMD guest gives the same log again, else its runs cannot be compared', async () => {
  await runOn(0, 'simd.wasm', await simdGuest());
  const { text } = await simulation.log();
  await runOn(0, 'simd.wasm', await simdGuest());
  expect((await simulation.log()).text).toBe(text);
});

test('an endless SIMD loop faults its node alone and says why; the others lose no reading', async () => {
  const shown = await runOn(0, 'simd-endless.wasm', await assemble('simd-endless'));
  expect(shown.notices.at(-1)?.text).toMatch(/ran for 1 s without a pause and could not be counted/);
  expect(shown.detail?.restarts).toBeGreaterThan(0);
  expect([1, 2, fog, cloud].map((index) => stateOf(shown, index))).toEqual(Array(4).fill('running'));
  const quiet = await readingsOf('esp32-2');
  await simulation.load(small);
  await simulation.advanceTo(2 * MINUTE_US);
  expect(await readingsOf('esp32-2')).toBe(quiet);
});

test('more such streams than there are memories are refused before any of them starts', async () => {
  await simulation.load({ ...small, nodes: 32 });
  const added = await simulation.addGuest('simd.wasm', await simdGuest());
  if (!added.ok) throw new Error(added.reason);
  expect(await simulation.setGuest(null, added.id)).toMatch(/simd\.wasm uses SIMD.*room for 100: 128 were asked for, 32 by edge nodes/);
  expect((await frame(0)).detail?.guest?.name).toBe('irrigation-c.wasm');
});
