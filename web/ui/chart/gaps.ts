/** Silence in a series: without a mark of it the line would run straight across, as if measured. */
import type { SeriesColumns } from '../../sim/snapshot.ts';
import { valueKeys } from './columns.ts';

/** So many times the interval before, and at least so many seconds, without a sample is a gap. */
const TIMES = 3;
const LEAST_S = 2;

/**
 * The series with a row of NaN at the start of every gap.
 * @param lastS time of the sample before the first, NaN for none; `intervalS` what lay before that
 */
export function withGaps(series: SeriesColumns, lastS: number, intervalS: number): SeriesColumns {
  const { timeS } = series;
  const gaps: number[] = [];
  let before = lastS;
  let usual = intervalS;
  for (let i = 0; i < timeS.length; i++) {
    const interval = timeS[i]! - before;
    if (interval > Math.max(LEAST_S, TIMES * usual)) gaps.push(i);
    else if (interval > 0) usual = interval;
    before = timeS[i]!;
  }
  if (gaps.length === 0) return series;
  const length = timeS.length + gaps.length;
  const spread = { timeS: new Float64Array(length) } as SeriesColumns;
  for (const key of valueKeys) spread[key] = new Float32Array(length).fill(NaN);
  let gap = 0;
  for (let i = 0, at = 0; i < timeS.length; i++, at++) {
    if (gaps[gap] === i) {
      const start = i === 0 ? lastS : timeS[i - 1]!;
      spread.timeS[at] = (start + timeS[i]!) / 2;
      gap += 1;
      at += 1;
    }
    spread.timeS[at] = timeS[i]!;
    for (const key of valueKeys) spread[key][at] = series[key][i]!;
  }
  return spread;
}
