import { describe, expect, test } from 'vitest';
import { Series } from './series.ts';

const row = (raw: number) => ({ raw, percent: 50, fogEma: NaN, cloudEma: NaN, threshold: 1700, rain: 0, pump: 0 });

describe('Series', () => {
  test('a row is shown once it is complete or the next begins, else the chart would have holes', () => {
    const series = new Series();
    series.open(1, row(10));
    expect(series.after(-1).timeS).toHaveLength(0);
    series.fill(1, 'fogEma', 11);
    series.fill(1, 'cloudEma', 12);
    series.close();
    expect([...series.after(-1).cloudEma]).toEqual([12]);
    series.open(2, row(20));
    series.open(3, row(30));
    expect([...series.after(1).raw]).toEqual([20]);
  });

  test('a late result does not change a row that was shown', () => {
    const series = new Series();
    series.open(1, row(10));
    series.open(2, row(20));
    series.fill(1, 'fogEma', 99);
    series.close();
    expect([...series.after(-1).fogEma]).toEqual([NaN, NaN]);
  });

  test('keeps the last rows when more came than it holds', () => {
    const series = new Series();
    for (let timeS = 1; timeS <= 10_000; timeS += 1) series.open(timeS, row(timeS));
    const { timeS, raw } = series.after(-1);
    expect(timeS.length).toBeGreaterThan(4000);
    expect(timeS[timeS.length - 1]).toBe(9999);
    expect([...raw]).toEqual([...timeS]);
    expect([...series.after(9990).timeS]).toEqual([9991, 9992, 9993, 9994, 9995, 9996, 9997, 9998, 9999]);
  });
});
