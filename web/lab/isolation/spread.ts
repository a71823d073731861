/** Repeated times, summed up. */
import { RecentValues } from '../../sim/quantiles.ts';
import type { Spread } from './isolation-port.ts';

/** Null for none. */
export function spreadOf(timesMs: readonly number[]): Spread | null {
  if (timesMs.length === 0) return null;
  const values = new RecentValues(timesMs.length);
  for (const ms of timesMs) values.add(ms);
  const [minMs, medianMs, maxMs] = values.quantiles(0, 0.5, 1);
  return { minMs, medianMs, maxMs, count: timesMs.length };
}
