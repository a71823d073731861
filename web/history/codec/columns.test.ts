import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeColumns, encodeColumns, encodeShortColumns, type Columns } from './columns.ts';

const bits = (values: Float32Array): number[] => [...new Int32Array(values.buffer, values.byteOffset, values.length)];

const times = fc
  .tuple(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.array(fc.oneof(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 1, max: 1e11 })), { maxLength: 60 }))
  .map(([first, steps]) => steps.reduce((all, step) => [...all, all[all.length - 1]! + step], [first]));
const value = fc.oneof(
  fc.integer({ min: 0, max: 4095 }),
  fc.integer({ min: -999_999, max: 999_999 }).map((thousandths) => thousandths / 1000),
  fc.float(),
  fc.constantFrom(0, -0, Infinity, -Infinity, 2 ** 31, -(2 ** 30), 3.4e38, 1e-45),
);

function columns(count: number): fc.Arbitrary<Columns> {
  return times.chain((timeMs) => {
    const column = fc.array(value, { minLength: timeMs.length, maxLength: timeMs.length }).map((each) => Float32Array.from(each));
    return fc.record({ timeMs: fc.constant(Float64Array.from(timeMs)), values: fc.array(column, { minLength: count, maxLength: count }) });
  });
}

// Else an engineer analyses other numbers than were measured.
test('whatever was recorded comes back to the bit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }).chain(columns), async (given) => {
      for (const bytes of [await encodeColumns(given), encodeShortColumns(given)]) {
        const { timeMs, values } = await decodeColumns(bytes);
        expect(timeMs).toEqual(given.timeMs);
        expect(values.map(bits)).toEqual(given.values.map(bits));
      }
    }),
  );
});

// Else a year of a field does not fit into what a browser gives.
test('a noisy probe and its mean take less than three bytes a sample', async () => {
  const count = 4096;
  let seed = 1;
  const noise = (): number => ((seed = Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 8) / 2 ** 24 - 0.5;
  const timeMs = Float64Array.from({ length: count }, (_, i) => 1_780_000_000_000 + i * 3000 + Math.round(noise() * 20));
  const raw = Float32Array.from({ length: count }, () => Math.round(1700 + noise() * 60));
  let mean = 1700;
  const ema = raw.map((each) => (mean = Math.fround(mean + 0.2 * (each - mean))));
  const bytes = await Promise.all([raw, ema].map((values) => encodeColumns({ timeMs, values: [values] })));
  expect(bytes[0]!.length / count).toBeLessThan(2);
  expect((bytes[0]!.length + bytes[1]!.length) / (2 * count)).toBeLessThan(3);
});

test('bytes that are no block are refused, not misread', async () => {
  await expect(decodeColumns(Uint8Array.of(1, 2, 3, 4, 5))).rejects.toThrow();
  await expect(decodeColumns(Uint8Array.of(0, 200))).rejects.toThrow();
});
