import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCK_SAMPLES, cutIntoBlocks, planCompaction } from './compaction-plan.ts';
import { extremes } from './extremes.ts';
import { concatenate, inOrder, merge } from './merge.ts';
import { cellsOf, coarser } from './pyramid.ts';
import type { Samples } from './samples.ts';
import { Tail } from './tail.ts';
import { nextToThin, type Thinness } from './thinning-plan.ts';

type Row = [timeMs: number, value: number];
const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: -50, max: 50 })), { maxLength: 200 });
const columns = (given: Row[]): [Float64Array, Float32Array] => [Float64Array.from(given, ([time]) => time), Float32Array.from(given, ([, value]) => value)];
const ordered = (given: Row[]): Samples => inOrder(...columns(given));
const pairs = ({ timeMs, value }: Samples): Row[] => [...timeMs].map((time, i) => [time, value[i]!]);
/** What should be kept of rows that come one after another. */
const replaced = (given: Row[]): Row[] => [...new Map(given)].sort(([a], [b]) => a - b);

// Else a reading that came twice, or late, is counted twice or drawn as a zigzag.
test('late and repeated samples are put in order, the last of each time kept', () => {
  fc.assert(
    fc.property(rows, rows, (first, second) => {
      expect(pairs(ordered(first))).toEqual(replaced(first));
      expect(pairs(merge(ordered(first), ordered(second)))).toEqual(replaced([...first, ...second]));
      const tail = new Tail();
      for (const [time, value] of first) tail.add(time, value);
      tail.samples();
      for (const [time, value] of second) tail.add(time, value);
      expect(pairs(tail.samples())).toEqual(replaced([...first, ...second]));
    }),
  );
});

// Else a spike is drawn when looked at closely and gone from afar.
test('cells hold the extremes of their samples, at every level', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 20 }), (given, per) => {
      const samples = ordered(given);
      const cells = cellsOf(samples, per);
      [...cells.timeMs].forEach((timeMs, cell) => {
        const own = pairs(samples).slice(cell * per, (cell + 1) * per);
        expect([timeMs, cells.min[cell], cells.max[cell]]).toEqual([own[0]![0], Math.min(...own.map(([, value]) => value)), Math.max(...own.map(([, value]) => value))]);
      });
      expect(coarser(cells, 4)).toEqual(cellsOf(samples, per * 4));
    }),
  );
});

// Else the limit that the user set costs the one drought that the data were kept for.
test('thinning keeps the extremes of each run, with their times, also when thinned again', () => {
  fc.assert(
    fc.property(rows, (given) => {
      const samples = ordered(given);
      const once = extremes(samples, 16);
      const twice = extremes(once, 32);
      const kept = new Set(pairs(samples).map(String));
      for (const thin of [once, twice]) {
        expect(pairs(thin).every((row) => kept.has(String(row)))).toBe(true);
        expect(pairs(thin)).toEqual(replaced(pairs(thin)));
        expect(Math.min(...thin.value)).toBe(Math.min(...samples.value));
        expect(Math.max(...thin.value)).toBe(Math.max(...samples.value));
      }
      expect(once.timeMs.length).toBeLessThanOrEqual(Math.ceil(samples.timeMs.length / 16) * 2);
    }),
  );
});

// Else samples are lost or doubled on their way into blocks.
test('rewriting blocks gives what was there and what came, in order', () => {
  const batches = fc.array(rows.map(ordered).filter(({ timeMs }) => timeMs.length > 0), { maxLength: 8 });
  fc.assert(
    fc.property(batches, (all) => {
      let blocks: { toMs: number; samples: number; thinness: Thinness; held: Samples }[] = [];
      for (const fresh of all) {
        for (const rewrite of planCompaction(blocks, fresh)) {
          const samples = merge(concatenate(rewrite.blocks.map(({ held }) => held)), rewrite.fresh);
          const made = cutIntoBlocks(samples, true).map((held) => ({ toMs: held.timeMs[held.timeMs.length - 1]!, samples: held.timeMs.length, thinness: 0 as Thinness, held }));
          blocks = [...blocks.filter((block) => !rewrite.blocks.includes(block)), ...made].sort((a, b) => a.toMs - b.toMs);
        }
      }
      expect(blocks.flatMap(({ held }) => pairs(held))).toEqual(replaced(all.flatMap(pairs)));
    }),
  );
});

// Else each sample is written over and over, and a feed of 100,000 a second is too much.
test('a steady feed rewrites few samples more than it brings, and ends in full blocks', () => {
  let blocks: { toMs: number; samples: number; thinness: Thinness }[] = [];
  let [written, brought] = [0, 0];
  for (let round = 0; round < 400; round += 1) {
    const fresh: Samples = { timeMs: Float64Array.from({ length: 128 }, (_, i) => brought + i), value: new Float32Array(128) };
    brought += 128;
    for (const rewrite of planCompaction(blocks, fresh)) {
      const count = rewrite.blocks.reduce((sum, { samples }) => sum + samples, rewrite.fresh.timeMs.length);
      written += count;
      blocks = [...blocks.slice(0, blocks.length - rewrite.blocks.length), { toMs: brought - 1, samples: count, thinness: 0 }];
    }
  }
  expect(written / brought).toBeLessThan(7);
  expect(blocks.length).toBeLessThan(brought / BLOCK_SAMPLES + 6);
});

test('a block in the middle that grew is cut into parts alike, the newest into full ones and a rest', () => {
  const samples = (count: number): Samples => ({ timeMs: Float64Array.from({ length: count }, (_, i) => i), value: new Float32Array(count) });
  const sizes = (parts: Samples[]): number[] => parts.map(({ timeMs }) => timeMs.length);
  expect(sizes(cutIntoBlocks(samples(9000), false))).toEqual([4500, 4500]);
  expect(sizes(cutIntoBlocks(samples(8000), false))).toEqual([8000]);
  expect(sizes(cutIntoBlocks(samples(9000), true))).toEqual([4096, 4096, 808]);
  expect(cutIntoBlocks(samples(0), false)).toEqual([]);
});

// Else the newest hour is blurred while last year is still exact, or data are cut that could have been thinned.
test('the old is thinned first, and cut only when all is as thin as it gets', () => {
  expect(nextToThin([60, 30, 10], 100)).toBe(0);
  expect(nextToThin([40, 30, 30], 100)).toBe(1);
  expect(nextToThin([40, 20, 40], 100)).toBe(0);
  expect(nextToThin([0, 20, 90], 100)).toBe(1);
  expect(nextToThin([0, 0, 110], 100)).toBe('drop');
  expect(nextToThin([0, 0, 0], 100)).toBeNull();
});
