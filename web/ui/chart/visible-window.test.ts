import { expect, test } from 'vitest';
import { adcRange } from './adc-range.ts';
import { eachRun } from './draw-weather.ts';
import { fullTime, tickLabels, unixStartS } from './time-labels.ts';
import { pan, stretchOf, zoom } from './visible-window.ts';

// Else the newest sample runs out of sight while the chart claims to be live.
test('a live view ends at the newest sample once the span is full', () => {
  expect(stretchOf({ kind: 'live', spanS: 600 }, 0, 5000)).toEqual({ fromS: 4400, toS: 5000 });
});

test('a young series fills at least half of the view and never leaves it', () => {
  for (let lastS = 1; lastS < 3600; lastS += 13) {
    const { fromS, toS } = stretchOf({ kind: 'live', spanS: 3600 }, 0, lastS);
    expect(fromS).toBe(0);
    expect(toS).toBeGreaterThanOrEqual(lastS);
    expect(toS).toBeLessThanOrEqual(Math.max(30, lastS * 2));
  }
});

test('"All" shows from the first to the last sample', () => {
  expect(stretchOf({ kind: 'live', spanS: Infinity }, 100, 200_000)).toEqual({ fromS: 100, toS: 200_000 });
});

test('a held view stays where it is as samples arrive', () => {
  const view = { kind: 'held', fromS: 10, toS: 20 } as const;
  expect(stretchOf(view, 0, 50)).toEqual(stretchOf(view, 0, 5000));
});

// Else a user pans or zooms into emptiness and finds no way back but a reload.
test('panning and zooming stay over the samples', () => {
  const stretch = { fromS: 400, toS: 1000 };
  expect(pan(stretch, -10, 0, 1000)).toEqual({ kind: 'held', fromS: 0, toS: 600 });
  const late = pan(stretch, 10, 0, 1000);
  expect(late.kind === 'held' && late.fromS).toBeLessThan(1000);
  expect(zoom(stretch, 1000, 0.5, 0, 1000)).toMatchObject({ fromS: 700 - 525, toS: 700 + 525 });
  expect(zoom(stretch, 1e-9, 0.5, 0, 1000)).toEqual({ kind: 'held', fromS: 695, toS: 705 });
});

test('zooming keeps the time under the pointer in place', () => {
  const view = zoom({ fromS: 400, toS: 1000 }, 0.5, 0.25, 0, 1000);
  expect(view).toEqual({ kind: 'held', fromS: 475, toS: 775 });
});

// Else the virtual clock shifts with the time zone of whoever looks at it.
test('virtual time is UTC', () => {
  expect(unixStartS('2014-06-03')).toBe(Date.UTC(2014, 5, 3) / 1000);
  expect(unixStartS('2014-06-03T06:30:00')).toBe(Date.UTC(2014, 5, 3, 6, 30) / 1000);
  expect(unixStartS('2014-06-03T06:30:00+02:00')).toBe(Date.UTC(2014, 5, 3, 4, 30) / 1000);
  expect(fullTime(Date.UTC(2014, 5, 3, 12, 4, 31) / 1000)).toBe('3 Jun 2014, 12:04:31');
});

test('axis labels name the day where it changes', () => {
  const midnight = Date.UTC(2014, 5, 4) / 1000;
  const hourly = tickLabels([midnight - 3600, midnight, midnight + 3600], 3600);
  expect(hourly).toEqual(['23:00\n3 Jun', '00:00\n4 Jun', '01:00']);
  expect(tickLabels([midnight, midnight + 86_400], 86_400)).toEqual(['4 Jun', '5 Jun']);
});

test('the ADC axis holds all values in whole hundreds and is never flat', () => {
  expect(adcRange(1523, 1888)).toEqual([1400, 2000]);
  expect(adcRange(1500, 1500)).toEqual([1400, 1700]);
  expect(adcRange(null, null)).toEqual([1000, 2800]);
});

// Else the pump looks as if it had run when it did not, or a short shower is not to be seen.
test('runs cover exactly the stretches with a value', () => {
  const runs: number[][] = [];
  eachRun([0, 1, 2, 3, 4, 5, 6], [0, 1, 1, 0, null, 2, 3], (...run) => runs.push(run));
  expect(runs).toEqual([[1, 3, 1], [5, 6, 2], [6, 6, 3]]);
});
