/** What is told of a sample of measured numbers. */
import jStat from 'jstat';
import { cellStatistics } from '../report/cell-statistics.ts';
import type { Interval } from '../report/report-port.ts';
import type { Summary } from './compare-port.ts';

/** @param values at least one, in the order measured */
export function summarise(values: readonly number[]): Summary {
  const statistics = cellStatistics(0, values.map((value, at) => ({ replication: at, seed: 0, value })), values.length);
  const { mean, q1, median, q3, min, max, interval, outliers } = statistics;
  if (mean === null || q1 === null || median === null || q3 === null || min === null || max === null) throw new Error('A summary needs a value.');
  return {
    ...{ n: values.length, mean, meanInterval: interval, min, q1, median, q3, max },
    medianInterval: medianInterval(values),
    outliers: outliers.map(({ replication, value }) => ({ index: replication, value })),
  };
}

/**
 * From the k-th smallest to the k-th largest value, the largest k for which the median lies outside with a probability of
 * 5 % at most, by the binomial distribution and so whatever the values' own is (H. A. David and H. N. Nagaraja, Order
 * Statistics, 3rd edition, Wiley 2003, section 7.1). Null for fewer than six values, which cannot promise that.
 */
export function medianInterval(values: readonly number[]): Interval | null {
  const n = values.length;
  // At most k of n values fall on one side of the median; the incomplete beta function is that sum.
  const atMost = (k: number): number => 1 - jStat.ibeta(0.5, k + 1, n - k);
  let rank = 0;
  while (rank < n / 2 - 1 && 2 * atMost(rank) <= 0.05) rank += 1;
  if (rank === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return { low: sorted[rank - 1]!, high: sorted[n - rank]! };
}
