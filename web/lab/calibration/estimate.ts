/** A number from repeated measurements, with what its scatter leaves open. */
import jStat from 'jstat';
import { criticalT } from '../report/student-t.ts';

export interface Estimate {
  /** Mean. */
  value: number;
  /** Student's t-interval of the mean, 95 %; null for a single measurement, of which no scatter is known. */
  interval: { low: number; high: number } | null;
  /** Measurements. */
  n: number;
}

/** @param values at least one */
export function estimateOf(values: readonly number[]): Estimate {
  const n = values.length;
  const value = jStat.mean(values);
  if (n < 2) return { value, interval: null, n };
  const half = (criticalT(n - 1) * jStat.stdev(values, true)) / Math.sqrt(n);
  return { value, interval: { low: value - half, high: value + half }, n };
}
