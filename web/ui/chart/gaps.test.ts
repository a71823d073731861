import { expect, test } from 'vitest';
import { withGaps } from './gaps.ts';
import { samples } from './samples.ts';

// Else a drop-out of an hour is drawn as an hour of steady readings.
test('a silence is marked by one row without values, between its ends', () => {
  const series = samples(0, 6);
  series.timeS.set([0, 3, 6, 60, 63, 66]);
  const spread = withGaps(series, NaN, NaN);
  expect([...spread.timeS]).toEqual([0, 3, 6, 33, 60, 63, 66]);
  expect([...spread.raw].map(Number.isNaN)).toEqual([false, false, false, true, false, false, false]);
});

test('a silence before the first new sample is seen too', () => {
  const series = samples(0, 2);
  series.timeS.set([100, 103]);
  expect([...withGaps(series, 10, 3).timeS]).toEqual([55, 100, 103]);
});

test('a lost sample or a longer period is no gap', () => {
  const series = samples(0, 5);
  series.timeS.set([3, 9, 12, 20, 28]);
  expect(withGaps(series, 0, 3)).toBe(series);
});
