/** When a measurement has warmed up. */
import jStat from 'jstat';

/** Batches on each side of the comparison. */
const WINDOW = 5;
/**
 * Chosen: engines that go from their first compiler to their second get faster by far more than this, and repeated batches
 * of warm code differ by less.
 */
const TOLERANCE = 0.02;
/** What has not settled by then is measured all the same, and marked. */
export const MOST_WARM_UP_BATCHES = 60;

/** Whether the median of the last batches is that of the ones before. */
export function hasSettled(batches: readonly number[]): boolean {
  if (batches.length < 2 * WINDOW) return false;
  const [before, now] = [median(batches.slice(-2 * WINDOW, -WINDOW)), median(batches.slice(-WINDOW))];
  return Math.abs(now - before) <= TOLERANCE * Math.max(Math.abs(now), Math.abs(before));
}

function median(values: readonly number[]): number {
  return jStat.quantiles(values, [0.5], 1, 1)[0]!;
}
