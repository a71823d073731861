/** How the figures of a calibration are written. */
import type { Estimate } from '../../../lab/calibration/estimate.ts';
import { formatCount, formatSi } from '../../parts/format.ts';

/** Microseconds with the prefix that suits them. */
export function formatUs(us: number): string {
  return formatSi(us / 1e6, 's');
}

export function formatNs(ns: number): string {
  return formatSi(ns / 1e9, 's');
}

/** `12.5 µs ± 0.3`, the half width of the interval in the unit of the value; no sign where no scatter is known. */
export function withInterval({ value, interval }: Estimate, format: (value: number) => string): string {
  if (interval === null) return format(value);
  return `${format(value)} ± ${format((interval.high - interval.low) / 2)}`;
}

/** A relative error in percent, with its sign; beyond tenfold as a factor. */
export function formatError(error: number): string {
  if (error >= 9) return `× ${formatCount(Math.round(1 + error))}`;
  const percent = error * 100;
  const digits = Math.abs(percent) < 9.95 ? 1 : 0;
  const rounded = Number(percent.toFixed(digits));
  const sign = rounded > 0 ? '+' : rounded < 0 ? '−' : '';
  return `${sign}${Math.abs(rounded).toFixed(digits)} %`;
}
