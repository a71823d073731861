import { expect, test } from 'vitest';
import { Columns, indexAfter } from './columns.ts';
import { samples } from './samples.ts';

test('samples come back in order after many growths', () => {
  const columns = new Columns(50_000);
  for (let start = 0; start < 10_000; start += 7) columns.append(samples(start, 7));
  expect(columns.length).toBe(10_003);
  expect(columns.firstS).toBe(0);
  expect(columns.lastS).toBe(10_002);
  for (const i of [0, 1023, 1024, 9999]) expect(columns.values('raw')[i]).toBe(i);
});

// Else a resent tail draws the same minutes twice, as a line that runs backwards.
test('samples that are here already are skipped', () => {
  const columns = new Columns();
  columns.append(samples(0, 10));
  columns.append(samples(5, 10));
  expect([...columns.timeS]).toEqual(Array.from({ length: 15 }, (_, i) => i));
  expect([...columns.values('raw')]).toEqual(Array.from({ length: 15 }, (_, i) => i));
  columns.append(samples(3, 4));
  expect(columns.length).toBe(15);
});

// Else a simulation left alone overnight fills the browser's memory.
test('a full store drops its oldest samples and keeps the newest', () => {
  const columns = new Columns(100);
  for (let start = 0; start < 1000; start += 10) {
    columns.append(samples(start, 10));
    expect(columns.length).toBeLessThanOrEqual(100);
    expect(columns.lastS).toBe(start + 9);
    const { timeS } = columns;
    expect(columns.values('raw')[0]).toBe(timeS[0]);
    expect(timeS[timeS.length - 1]! - timeS[0]!).toBe(columns.length - 1);
  }
  expect(columns.length).toBeGreaterThanOrEqual(75);
});

test('a burst larger than the store leaves its newest part', () => {
  const columns = new Columns(100);
  columns.append(samples(0, 20));
  columns.append(samples(20, 5000));
  expect(columns.length).toBe(100);
  expect(columns.firstS).toBe(4920);
});

test('clearing forgets the past, so that an earlier time is taken again', () => {
  const columns = new Columns();
  columns.append(samples(50, 5));
  columns.clear();
  expect(columns.lastS).toBeNaN();
  columns.append(samples(0, 3));
  expect([...columns.timeS]).toEqual([0, 1, 2]);
});

test('indexAfter finds the first later time', () => {
  const times = Float64Array.of(1, 2, 2, 5);
  expect([0, 1, 2, 4, 5, NaN].map((time) => indexAfter(times, time))).toEqual([0, 1, 3, 3, 4, 0]);
});
