import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Columns, valueKeys } from './columns.ts';
import { decimate } from './decimate.ts';
import { samples } from './samples.ts';

const rawColumn = 1 + valueKeys.indexOf('raw');

function stored(count: number, raw: (timeS: number) => number): Columns {
  const columns = new Columns();
  columns.append(samples(0, count, raw));
  return columns;
}

// Else the one faulty reading that an engineer looks for is not on the screen.
test('a single spike among thousands of samples is drawn at its full height', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 19_998 }), fc.constantFrom(4095, 0), (at, spike) => {
      const columns = stored(20_000, (timeS) => (timeS === at ? spike : 1500));
      const [x, ...ys] = decimate(columns, 0, 20_000, 300);
      const found = ys[rawColumn - 1]!.indexOf(spike);
      expect(found).toBeGreaterThanOrEqual(0);
      expect(Math.abs(x[found]! - at)).toBeLessThanOrEqual(20_000 / 300);
    }),
    { numRuns: 60 },
  );
});

// Else every drawing costs more the longer the page is open.
test('at most two points a bucket, in rising time, all columns alike', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9000 }), fc.integer({ min: 10, max: 400 }), (count, buckets) => {
      const columns = stored(count, (timeS) => (timeS * 7919) % 1000);
      const drawable = decimate(columns, 0, count, buckets);
      expect(drawable[0].length).toBeLessThanOrEqual(buckets * 2 + 4);
      for (const column of drawable) expect(column).toHaveLength(drawable[0].length);
      const [x] = drawable;
      expect(x.every((timeS, i) => i === 0 || timeS > x[i - 1]!)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('few samples stay as they are, with one beyond each border', () => {
  const columns = stored(100, (timeS) => timeS);
  expect(decimate(columns, 10, 20, 200)[0]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
  expect(decimate(columns, 10.5, 12.5, 200)[0]).toEqual([10, 11, 12, 13]);
});

// Else a drop-out of the sensor is drawn as a straight line, as if it had been measured.
test('missing values are gaps, thinned or not', () => {
  const gap = (timeS: number) => (timeS >= 4000 && timeS < 6000 ? NaN : 1500);
  const [x, ...ys] = decimate(stored(10_000, gap), 0, 10_000, 100);
  x.forEach((timeS, i) => {
    if (timeS > 4150 && timeS < 5850) expect(ys[rawColumn - 1]![i]).toBeNull();
  });
  expect(decimate(stored(10, () => NaN), 0, 10, 100)[rawColumn]).toEqual(Array(10).fill(null));
});

// Else the line shimmers while it scrolls, although the past does not change.
test('a scrolling window thins the past the same way', () => {
  const columns = stored(20_000, (timeS) => (timeS * 7919) % 1000);
  const shown = (fromS: number) => {
    const [x, ...ys] = decimate(columns, fromS, fromS + 9000, 300);
    return new Map(x.map((timeS, i) => [timeS, ys[rawColumn - 1]![i]]));
  };
  const [before, after] = [shown(1000), shown(1017)];
  for (const [timeS, value] of after) {
    if (timeS > 1100 && timeS < 9900) expect(before.get(timeS)).toBe(value);
  }
});
