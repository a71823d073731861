import { expect, test } from 'vitest';
import { dense, extremes, nearest } from './dense-line.ts';
import { marksIn } from './event-looks.ts';
import type { HistoryEvent } from '../../history/history-port.ts';

const series = { node: 'esp32-1', quantity: 'raw' } as const;
const made = (timeMs: number[], min: number[], max = min, exact = true) =>
  dense({ series, timeMs: Float64Array.from(timeMs), min: Float32Array.from(min), max: Float32Array.from(max), exact, samples: timeMs.length }, 1000);

test('columns that hold nothing are left out and the others keep their times', () => {
  const line = made([0, 1000, 2000, 3000], [1, NaN, 3, NaN], [2, NaN, 5, NaN]);
  expect([...line.timeMs]).toEqual([0, 2000]);
  expect([...line.max]).toEqual([2, 5]);
});

// Else an hour without power looks like an hour of measurements.
test('an interval far longer than usual is silence', () => {
  const times = Array.from({ length: 50 }, (_, i) => (i < 25 ? i * 3000 : 3_600_000 + i * 3000));
  const line = made(times, times.map(() => 7));
  expect(line.gapMs).toBeGreaterThan(3000);
  expect(line.gapMs).toBeLessThan(3_600_000);
  expect(nearest(line, 1_800_000)).toBe(-1);
  expect(nearest(line, 4000)).toBe(1);
});

test('the extremes of a window are those of its columns alone, spikes included', () => {
  const line = made([0, 1000, 2000, 3000], [5, 4, 9, 1], [6, 4000, 9, 2], false);
  expect(extremes(line, 500, 2500)).toEqual({ least: 4, greatest: 4000, columns: 2 });
  expect(extremes(line, 5000, 9000)).toBeNull();
  // The newest sample stands at the right border of a window that follows.
  expect(extremes(line, 2500, 3000)).toEqual({ least: 1, greatest: 2, columns: 1 });
});

const event = (timeMs: number, kind: HistoryEvent['kind']): HistoryEvent => ({ timeMs, node: 'esp32-1', kind, text: '' });

// Else a fault hides behind the hundred presence messages around it.
test('where events crowd, one mark counts them and shows the gravest', () => {
  const events = [event(100, 'presence'), event(101, 'fault'), event(102, 'mode'), event(900, 'calibration')];
  const marks = marksIn(events, Float64Array.from(events, ({ timeMs }) => timeMs), { fromMs: 0, toMs: 1000 }, 10);
  expect(marks.map(({ kind, count, first }) => ({ kind, count, first }))).toEqual([
    { kind: 'fault', count: 3, first: 0 },
    { kind: 'calibration', count: 1, first: 3 },
  ]);
  expect(marksIn(events, Float64Array.from(events, ({ timeMs }) => timeMs), { fromMs: 200, toMs: 900 }, 10)).toHaveLength(1);
});
