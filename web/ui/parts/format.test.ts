import { describe, expect, it } from 'vitest';
import {
  formatAdc, formatBytes, formatClock, formatCount, formatDays, formatDuration, formatMm, formatPercent,
  formatPlural, formatSi, measured, notMeasured,
} from './format.ts';

describe('formatSi', () => {
  it.each([
    [0, 's', '0 s'],
    [0.00124, 's', '1.24 ms'],
    [0.0000005, 's', '500 ns'],
    [0.9996, 's', '1.00 s'],
    [999.6, 'J', '1.00 kJ'],
    [999.4, 'J', '999 J'],
    [-12345, 'J', '-12.3 kJ'],
    [5e17, 'J', '500000 TJ'],
  ])('%d %s reads %s: a wrong prefix is a figure wrong a thousandfold', (value, unit, text) => {
    expect(formatSi(value, unit)).toBe(text);
  });
});

describe('nothing measured', () => {
  it('is said in words by every formatter: a user would take NaN or 0 for a result', () => {
    const all = [formatCount, formatBytes, formatDuration, formatDays, formatClock, formatPercent, formatAdc, formatMm];
    for (const format of all) expect(format(NaN)).toBe(notMeasured);
    expect(formatSi(Infinity, 's')).toBe(notMeasured);
    expect(measured(null, String)).toBe(notMeasured);
    expect(measured(undefined, String)).toBe(notMeasured);
    expect(measured(0, String)).toBe('0');
  });
});

describe('counts and bytes', () => {
  it('groups thousands and shortens millions', () => {
    expect(formatCount(0)).toBe('0');
    expect(formatCount(184213)).toBe('184,213');
    expect(formatCount(1_840_000)).toBe('1.84 M');
    expect(formatCount(999_999.7)).toBe('1.00 M');
  });
  it('keeps one restart singular', () => {
    expect(formatPlural(1, 'restart')).toBe('1 restart');
    expect(formatPlural(0, 'restart')).toBe('0 restarts');
  });
  it('shows a wasm page as 64 KiB, as the field calls it', () => {
    expect(formatBytes(65536)).toBe('64 KiB');
    expect(formatBytes(1023)).toBe('1023 B');
    expect(formatBytes(1536)).toBe('1.5 KiB');
    expect(formatBytes(1024 * 1024 - 1)).toBe('1.0 MiB');
    expect(formatBytes(321_000)).toBe('313 KiB');
  });
});

describe('time', () => {
  it('reads durations in two units, so that an uptime stays short at any length', () => {
    expect(formatDuration(0.16)).toBe('160 ms');
    expect(formatDuration(12.34)).toBe('12.3 s');
    expect(formatDuration(245)).toBe('4 min 05 s');
    expect(formatDuration(3600 * 3 + 240)).toBe('3 h 04 min');
    expect(formatDuration(86_400 * 2 + 3600 * 3)).toBe('2 d 03 h');
  });
  it('reads battery life from hours to years', () => {
    expect(formatDays(0.5)).toBe('12.0 hours');
    expect(formatDays(30.44)).toBe('30.4 days');
    expect(formatDays(1461)).toBe('4.00 years');
  });
  it('stamps lines to the millisecond, with the day in front from the second day on', () => {
    expect(formatClock(3_160_000)).toBe('00:00:03.160');
    expect(formatClock(86_399_999_999)).toBe('23:59:59.999');
    expect(formatClock((86_400 * 2 + 3661) * 1e6)).toBe('2d 01:01:01.000');
  });
});
