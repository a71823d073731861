import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeColumns, encodeColumns } from '../codec/columns.ts';
import { Grid } from '../shape/grid.ts';
import { inOrder } from '../shape/merge.ts';
import { cellsOf, FINE } from '../shape/pyramid.ts';
import type { Samples } from '../shape/samples.ts';
import { BlockGone, type StoredBlocks } from './block-reader.ts';
import { envelopeLines } from './envelope-query.ts';
import { decodeHeads, encodeHeads, headOf } from './head.ts';
import { readSeries } from './read-series.ts';
import { Series } from './series.ts';

/** Blocks in memory, encoded as in the database. */
class Shelf implements StoredBlocks {
  readonly #bytes = new Map<number, Uint8Array<ArrayBuffer>>();
  gone = false;

  async put(block: number, { timeMs, value }: Samples): Promise<void> {
    this.#bytes.set(block, await encodeColumns({ timeMs, values: [value] }));
  }

  async samples(blocks: number[]) {
    if (this.gone) {
      this.gone = false;
      throw new BlockGone();
    }
    const read = await Promise.all(blocks.map((block) => decodeColumns(this.#bytes.get(block)!)));
    return new Map(blocks.map((block, i) => [block, { timeMs: read[i]!.timeMs, value: read[i]!.values[0]! }]));
  }

  async fineCells(blocks: number[]) {
    const samples = await this.samples(blocks);
    return new Map(blocks.map((block) => [block, cellsOf(samples.get(block)!, FINE)]));
  }
}

/** A series whose samples lie in blocks of the given sizes; `loose` are in none. */
async function stored(sizes: number[], steps: (i: number) => number, values: (i: number) => number, loose: [number, number][]) {
  const shelf = new Shelf();
  const series = new Series(1, 'edge-1', 'raw');
  const all = new Map<number, number>();
  let [at, timeMs] = [0, 1_780_000_000_000];
  series.heads = await Promise.all(
    sizes.map(async (size, block) => {
      const samples = { timeMs: new Float64Array(size), value: new Float32Array(size) };
      for (let i = 0; i < size; i += 1, at += 1) {
        timeMs += steps(at);
        all.set((samples.timeMs[i] = timeMs), (samples.value[i] = Math.fround(values(at))));
      }
      await shelf.put(block, samples);
      const head = headOf(samples, block, 1, 0, 100);
      const [read] = decodeHeads(encodeHeads([head]), 1);
      expect(read).toEqual(head);
      return read!;
    }),
  );
  const times = [...all.keys()];
  for (const [position, value] of loose) {
    const between = Math.round(1_780_000_000_000 + position * (timeMs - 1_780_000_000_000) * 1.2);
    // Every other one replaces a sample.
    const time = value % 2 === 0 ? times[Math.floor(position * (times.length - 1))]! : between;
    series.add(time, value);
    all.set(time, Math.fround(value));
  }
  const rows = [...all].sort(([a], [b]) => a - b);
  return { series, shelf, rows, ...inOrder(Float64Array.from(rows, ([time]) => time), Float32Array.from(rows, ([, value]) => value)) };
}

const scenario = fc.record({
  sizes: fc.array(fc.oneof(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 2000, max: 4096 })), { minLength: 1, maxLength: 5 }),
  usualMs: fc.integer({ min: 1, max: 60_000 }),
  gapEvery: fc.integer({ min: 2, max: 5000 }),
  gapMs: fc.oneof(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 100_000_000 })),
  spikeEvery: fc.oneof(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 3000 })),
  loose: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: -5000, max: 5000 })), { maxLength: 20 }),
  window: fc.oneof(fc.constant<[number, number]>([0, 1]), fc.tuple(fc.double({ min: -0.1, max: 1.1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))),
  columns: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 900 })),
});

// Else the one faulty reading that an engineer looks for is on no picture.
test('each column has all of its extremes, and no value that is not in it or right beside it', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ sizes, usualMs, gapEvery, gapMs, spikeEvery, loose, window, columns }) => {
      const step = (i: number): number => (i % gapEvery === 0 ? gapMs : usualMs);
      const value = (i: number): number => (i % spikeEvery === 0 ? (i % 2 ? 9000 : -9000) + i / 7 : (i * 7919) % 100);
      const { series, shelf, rows } = await stored(sizes, step, value, loose);
      const [first, last] = [rows[0]![0], rows[rows.length - 1]![0]];
      const fromMs = first + window[0] * (last - first);
      const toMs = fromMs + window[1] * (last - first);
      const [line] = await envelopeLines([series], { fromMs, toMs, columns }, shelf);
      const shown = rows.filter(([time]) => time >= fromMs && time <= toMs);

      expect(line!.samples).toBe(shown.length);
      if (line!.exact) {
        const before = rows.filter(([time]) => time < fromMs).slice(-1);
        const after = rows.filter(([time]) => time > toMs).slice(0, 1);
        const given = [...line!.timeMs].map((time, i) => [time, line!.min[i]]);
        expect(given).toEqual([...before, ...shown, ...after]);
        expect(line!.max).toEqual(line!.min);
        expect(shown.length).toBeLessThanOrEqual(2 * columns + 2);
        return;
      }
      expect(shown.length).toBeGreaterThan(2 * columns - 2);
      const grid = new Grid(fromMs, toMs, columns);
      expect(line!.timeMs).toHaveLength(grid.columns);
      const held = Array.from({ length: grid.columns }, () => [] as number[]);
      for (const [time, each] of rows) held[grid.columnOf(time)]?.push(each);
      const near = (column: number): number[] => [-1, 0, 1].flatMap((by) => held[column + by] ?? beyond(column + by));
      const beyond = (column: number): number[] => rows.flatMap(([time, each]) => (grid.columnOf(time) === column ? [each] : []));
      held.forEach((own, column) => {
        const [min, max] = [line!.min[column]!, line!.max[column]!];
        for (const each of own) if (each < min || each > max || Number.isNaN(min)) expect.fail(`${each} is missing in column ${column}`);
        if (Number.isNaN(min)) return;
        const allowed = near(column);
        if (!allowed.includes(min) || !allowed.includes(max)) expect.fail(`column ${column} shows ${min} to ${max}, which is not near it`);
      });
    }),
    { numRuns: 150 },
  );
}, 120_000);

// Else what is shown while blocks are rewritten lacks or doubles samples.
test('a block that was replaced between looking and reading is looked up again', async () => {
  const { series, shelf, rows } = await stored([500, 500], () => 1000, (i) => i, [[0.3, -1]]);
  const window = { fromMs: rows[0]![0], toMs: rows[rows.length - 1]![0], columns: 2000 };
  shelf.gone = true;
  const [line] = await envelopeLines([series], window, shelf);
  expect([...line!.timeMs]).toEqual(rows.map(([time]) => time));
});

// Else an export lacks samples, or has them twice.
test('reading a series gives every sample of the time once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, fc.boolean(), async ({ sizes, usualMs, loose, window }, gone) => {
      const { series, shelf, rows } = await stored(sizes, () => usualMs, (i) => i % 100, loose);
      const [first, last] = [rows[0]![0], rows[rows.length - 1]![0]];
      const fromMs = first + window[0] * (last - first);
      const toMs = fromMs + window[1] * (last - first);
      shelf.gone = gone;
      const read: [number, number][] = [];
      for await (const { timeMs, value } of readSeries(series, fromMs, toMs, shelf)) timeMs.forEach((time, i) => read.push([time, value[i]!]));
      expect(read).toEqual(rows.filter(([time]) => time >= fromMs && time <= toMs));
    }),
    { numRuns: 40 },
  );
});
