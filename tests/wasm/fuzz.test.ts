/**
 * Random modules of every kind that the transform takes. A guest for which this failed would compute something
 * else in the page than on a board, be charged a wrong time, or write into its neighbours.
 *
 * FUZZ_SEED, FUZZ_MODULES and FUZZ_SECONDS set the seed, the number of modules and the time after which no more
 * are begun. Module for module, the same seed gives the same.
 */
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { transformModule } from '../../web/guest/wasm/transform.ts';
import { CompareThread, bundleThread } from './compare-in-thread.ts';
import { countDifference } from './counted.ts';
import { FuelCounter } from './fuel-counter.ts';
import { ModuleGenerator, moduleFolder } from './generated-modules.ts';

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const modules = Number(process.env.FUZZ_MODULES ?? 1500);
const endMs = Date.now() + 1000 * Number(process.env.FUZZ_SECONDS ?? 75);
const LANES = 2;

test(`random modules do in a window what they do alone, at Wasmtime's cost (FUZZ_SEED=${seed})`, async () => {
  const generator = new ModuleGenerator(seed);
  const thread = join(moduleFolder, 'compare-thread.mjs');
  await bundleThread(thread);
  const totals = { modules: 0, calls: 0, values: 0, traps: 0, stopped: 0, shared: 0, counted: 0 };
  const problems: string[] = [];
  let next = 0;

  async function lane(): Promise<void> {
    const comparer = new CompareThread(thread);
    const counter = new FuelCounter();
    while (next < modules && problems.length < 5 && Date.now() < endMs) {
      const index = next++;
      const module = await generator.make(index);
      const path = join(moduleFolder, `seed-${seed}-module-${index}.wasm`);
      writeFileSync(path, module.bytes);
      const verdict = await comparer.compare({ ...module, seed: (seed + index) | 0 });
      let { problem } = verdict;
      if ('counted' in verdict && verdict.counted) {
        const { invocations, behaviour } = verdict.counted;
        const host = behaviour.hostCalls.map(({ results }) => ({ results, writes: [], ends: false }));
        const count = await counter.count({ module: path, host, calls: invocations, pattern: true });
        const memory = createHash('sha256').update(behaviour.memories.at(-1) ?? '').digest('hex');
        // For these Wasmtime charges by the byte, entry or page, and not always alike.
        const exact = !module.bulk && !verdict.counted.memoryGrows;
        problem ??= countDifference(verdict.counted, count, exact, memory);
        totals.modules++;
        totals.calls += verdict.calls;
        totals.values += verdict.values;
        totals.traps += verdict.traps;
        totals.stopped += verdict.stopped;
        totals.shared += verdict.shared;
        if (exact) totals.counted += verdict.values;
      }
      if (problem === null) rmSync(path);
      else problems.push(`${path}\n  ${problem}\n  FUZZ_SEED=${seed}, module ${index}`);
    }
    comparer.close();
    counter.close();
  }

  await Promise.all(Array.from({ length: LANES }, lane));
  console.log(
    `Seed ${seed}: ${totals.modules} modules; ${totals.calls} calls, of which ${totals.values} returned and ${totals.traps} trapped; ` +
      `${totals.stopped} stopped by a small budget; ${totals.shared} while others had turns in the same instance; ${totals.counted} counts equal to Wasmtime's.`,
  );
  expect(problems).toEqual([]);
  // A generator that makes nothing worth running would prove nothing.
  expect(totals.modules).toBeGreaterThanOrEqual(Math.min(modules, 100));
  expect(totals.values).toBeGreaterThan(totals.modules);
  expect(totals.traps).toBeGreaterThan(totals.modules / 10);
  expect(totals.stopped).toBeGreaterThan(totals.modules / 10);
  expect(totals.shared).toBeGreaterThan(totals.modules / 2);
  expect(totals.counted).toBeGreaterThan(totals.modules / 2);
});

test(`modules with later features are refused by name or stay valid (FUZZ_SEED=${seed})`, async () => {
  const generator = new ModuleGenerator(seed);
  const refusals = new Map<string, number>();
  let taken = 0;
  for (let index = 0; index < 150; index++) {
    const { bytes } = await generator.make(index, true);
    const result = transformModule(bytes, { window: true, ceilingPages: 4 });
    if (!result.ok) refusals.set(result.feature, (refusals.get(result.feature) ?? 0) + 1);
    else if (WebAssembly.validate(bytes)) {
      taken++;
      expect(WebAssembly.validate(result.bytes), `module ${index}`).toBe(true);
    }
  }
  console.log(`Seed ${seed}: ${taken} taken; refused for ${[...refusals].map((entry) => entry.join(': ')).join(', ')}.`);
  expect([...refusals.keys()]).not.toContain('invalid module');
  expect(refusals.size).toBeGreaterThan(3);
});
