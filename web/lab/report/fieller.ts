/** The ratio of two means that were measured in pairs, with its interval. */
import jStat from 'jstat';
import type { Interval } from './report-port.ts';
import { criticalT } from './student-t.ts';

/**
 * By Fieller's theorem (E. C. Fieller, Some problems in interval estimation, Journal of the Royal Statistical Society B
 * 16, 1954, 175-185) with the covariance of the pairs. Null where the set of ratios has no two ends, which is when the
 * mean of `below` cannot be told from zero.
 * @param above numerators, pair by pair with `below`; two pairs at least
 */
export function fiellerInterval(above: readonly number[], below: readonly number[]): Interval | null {
  const n = above.length;
  const tt = criticalT(n - 1) ** 2 / n;
  const [a, b] = [jStat.mean(above), jStat.mean(below)];
  const squared = b * b - tt * jStat.stdev(below, true) ** 2;
  const mixed = a * b - tt * jStat.covariance(above, below);
  const constant = a * a - tt * jStat.stdev(above, true) ** 2;
  if (squared <= 0) return null;
  // With both ends finite it is not negative but for rounding.
  const root = Math.sqrt(Math.max(0, mixed * mixed - squared * constant));
  return { low: (mixed - root) / squared, high: (mixed + root) / squared };
}
