/** Points of the plots that are made of lines. */
import type { CellStatistics } from '../report-port.ts';

export interface Step {
  value: number;
  /** Of the runs, those that have at most this value. */
  share: number;
}

/** The empirical distribution, from 0 to 1; every run is a step. */
export function distributionOf({ values }: Pick<CellStatistics, 'values'>): Step[] {
  const sorted = values.map(({ value }) => value).sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  return [{ value: sorted[0]!, share: 0 }, ...sorted.map((value, at) => ({ value, share: (at + 1) / sorted.length }))];
}

/** A domain that is never empty, with a little room at both ends. */
export function roomy(values: readonly number[]): [low: number, high: number] {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const room = high > low ? (high - low) * 0.04 : Math.abs(high) * 0.05 || 1;
  // What cannot be less than zero is not drawn as if it could, and zero is shown where it is near.
  return [low >= 0 && low < 0.25 * high ? 0 : low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

/** Whether equal ratios should be equal lengths: levels that grow by factors. */
export function growsByFactors(levels: readonly number[]): boolean {
  const low = Math.min(...levels);
  return low > 0 && Math.max(...levels) / low >= 16;
}
