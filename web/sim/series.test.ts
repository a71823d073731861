import { describe, expect, test } from 'vitest';
import { Series } from './series.ts';

const row = (raw: number) => ({ raw, percent: 50, fogEma: NaN, cloudEma: NaN, threshold: 1700, rain: 0, pump: 0 });

describe('Series', () => {
  test('a row is shown once its last result is in, whichever row the result belongs to', () => {
    const series = new Series(4096);
    series.open(1, row(10));
    series.open(2, row(20));
    expect(series.after(-1).timeS).toHaveLength(0);
    series.fill(1, 'fogEma', 11);
    series.fill(2, 'cloudEma', 22);
    expect(series.after(-1).timeS).toHaveLength(0);
    series.fill(1, 'cloudEma', 12);
    expect([...series.after(-1).cloudEma]).toEqual([12, 22]);
    expect([...series.after(1).raw]).toEqual([20]);
  });

  test('a relaying tier fills nothing, and its rows are shown at once', () => {
    const series = new Series(4096);
    series.expect('raw');
    series.open(1, row(10));
    expect([...series.after(-1).raw]).toEqual([10]);
  });

  test('a row whose results were lost is shown without them, and stays as it was shown', () => {
    const series = new Series(4096);
    for (let timeS = 1; timeS <= 6; timeS += 1) series.open(timeS, row(timeS));
    expect([...series.after(-1).raw]).toEqual([1, 2]);
    series.fill(1, 'cloudEma', 99);
    expect(series.after(-1).cloudEma[0]).toBeNaN();
  });

  test('a sample that was sent again takes its place in time, and no second one', () => {
    const series = new Series(4096);
    series.open(1, row(10));
    series.open(3, row(30));
    series.open(2, row(20));
    series.open(2, row(20));
    series.expect('raw');
    expect([...series.after(-1).timeS]).toEqual([1, 2, 3]);
    expect([...series.after(-1).raw]).toEqual([10, 20, 30]);
  });

  test('keeps the last rows when more came than it holds', () => {
    const series = new Series(4096);
    series.expect('raw');
    for (let timeS = 1; timeS <= 10_000; timeS += 1) series.open(timeS, row(timeS));
    const { timeS, raw } = series.after(-1);
    expect(timeS.length).toBe(4096);
    expect(timeS[timeS.length - 1]).toBe(10_000);
    expect([...raw]).toEqual([...timeS]);
    expect([...series.after(9997).timeS]).toEqual([9998, 9999, 10_000]);
  });

  test('keeps more from the time on when somebody watches, and what it had', () => {
    const series = new Series(20);
    series.expect('raw');
    for (let timeS = 1; timeS <= 50; timeS += 1) series.open(timeS, row(timeS));
    series.keep(100);
    for (let timeS = 51; timeS <= 200; timeS += 1) {
      series.open(timeS, row(timeS));
      const shown = [...series.after(-1).timeS];
      expect(shown).toEqual(Array.from({ length: Math.min(100, timeS - 30) }, (_, at) => timeS - shown.length + 1 + at));
    }
  });
});
