import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Arena } from '../../web/guest/arena.ts';
import { createEngine } from '../../web/guest/engine.ts';
import { loadGuest, type LoadedGuest } from '../../web/guest/loaded-guest.ts';
import { WasmStream } from '../../web/guest/stream-guest.ts';
import type { Pause } from '../../web/guest/types.ts';
import { configDefaults } from '../../web/guest/abi.gen.ts';
import { parameter, type ParameterId } from '../../web/sim/parameters.ts';
import { nodeGuestThreads } from './node-guest-threads.ts';

const BUDGET = 1e6;

async function guestC(): Promise<LoadedGuest> {
  const bytes = await readFile(new URL('../../web/guest/modules/irrigation-c.wasm', import.meta.url));
  const loaded = await loadGuest('irrigation-c.wasm', bytes, { maxPages: 2, maxBytes: 1e6 });
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.guest;
}

function expectWithin(id: ParameterId, counts: number[], tolerance: number): void {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const { value } = parameter(id);
  expect(Math.abs(value - mean) / mean, `${id} is ${value}; the C guest retires ${mean} on average`).toBeLessThan(
    tolerance,
  );
}

test('native streams are charged what the C guest retires, else sandbox overhead is compared with a made-up number', async () => {
  const stream = new WasmStream(await guestC(), new Arena(), BUDGET);
  const raws = Array.from({ length: 200 }, (_, index) => 1690 + ((index * 7) % 23));
  const filter = raws.map((raw) => (stream.filterValue(raw), stream.retired()));
  const anomaly = raws.map((raw) => (stream.detectAnomaly(raw), stream.retired()));
  expectWithin('cost.reference.filterInstructions', filter, 0.05);
  expectWithin('cost.reference.anomalyInstructions', anomaly, 0.05);
});

test('a native edge loop is charged what the C guest retires in its two slices of a cycle', async () => {
  const keys = [configDefaults.dry, configDefaults.wet, configDefaults.threshold, configDefaults.periodMs, 0];
  const engine = await createEngine('workers', nodeGuestThreads);
  if (typeof engine === 'string') throw new Error(engine);
  let pause: Pause | null = null;
  const loop = engine.loop(await guestC(), BUDGET, {
    setOutput: () => undefined,
    log: () => undefined,
    logInt: () => undefined,
    publish: () => 0,
    config: (key) => keys[key] ?? 0,
    paused: (now) => (pause = now),
  });
  const slices: number[] = [];
  await loop.start();
  for (let raw = 1650; slices.length < 200; raw = 1650 + ((raw * 7) % 40)) {
    await loop.resume((pause as Pause | null)?.kind === 'sensor' ? raw : 0);
    slices.push(loop.retired());
  }
  loop.stop();
  expectWithin('cost.reference.sliceInstructions', slices, 0.05);
});
