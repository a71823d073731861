/** A line as it is drawn and read: its columns that hold something, and what counts as silence between two. */
import type { EnvelopeLine, SeriesKey } from '../../history/history-port.ts';

export interface DenseLine {
  id: string;
  series: SeriesKey;
  timeMs: Float64Array;
  min: Float32Array;
  max: Float32Array;
  exact: boolean;
  /** Columns further apart are not joined. */
  gapMs: number;
}

const GAP_TIMES = 3.5;
const LEAST_GAP_MS = 2000;

export function lineId({ node, quantity }: SeriesKey): string {
  return `${quantity} ${node}`;
}

/** By series, as `lineId` names them. */
export function byId<Item extends { series: SeriesKey } | SeriesKey>(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [lineId('series' in item ? item.series : item), item]));
}

/** @param columnMs width of the columns that were asked for */
export function dense(line: EnvelopeLine, columnMs: number): DenseLine {
  const { timeMs, min, max } = line;
  let count = 0;
  for (const value of min) if (!Number.isNaN(value)) count += 1;
  const kept = { timeMs, min, max };
  if (count < min.length) {
    kept.timeMs = new Float64Array(count);
    kept.min = new Float32Array(count);
    kept.max = new Float32Array(count);
    for (let i = 0, at = 0; i < min.length; i++) {
      if (Number.isNaN(min[i])) continue;
      kept.timeMs[at] = timeMs[i]!;
      kept.min[at] = min[i]!;
      kept.max[at] = max[i]!;
      at += 1;
    }
  }
  return { id: lineId(line.series), series: line.series, ...kept, exact: line.exact, gapMs: silence(kept.timeMs, columnMs) };
}

/** So many times the usual interval; some of them are enough to know it. */
function silence(timeMs: Float64Array, columnMs: number): number {
  const step = Math.max(1, Math.floor(timeMs.length / 100));
  const intervals: number[] = [];
  for (let i = 1; i < timeMs.length; i += step) intervals.push(timeMs[i]! - timeMs[i - 1]!);
  intervals.sort((a, b) => a - b);
  const usual = intervals[Math.floor(intervals.length / 2)] ?? 0;
  return Math.max(LEAST_GAP_MS, usual * GAP_TIMES, columnMs * 2);
}

/** First index whose time is not before `atMs`. */
export function firstFrom(timeMs: Float64Array, atMs: number): number {
  let low = 0;
  let high = timeMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeMs[middle]! < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First index whose time is after `atMs`. */
export function firstAfter(timeMs: Float64Array, atMs: number): number {
  let at = firstFrom(timeMs, atMs);
  while (timeMs[at] === atMs) at += 1;
  return at;
}

/** Least and greatest of a line within a window, both borders included, and of how many columns (samples when exact); null where there is none. */
export function extremes(line: DenseLine, fromMs: number, toMs: number): { least: number; greatest: number; columns: number } | null {
  const first = firstFrom(line.timeMs, fromMs);
  const end = firstAfter(line.timeMs, toMs);
  if (end <= first) return null;
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = first; i < end; i++) {
    if (line.min[i]! < least) least = line.min[i]!;
    if (line.max[i]! > greatest) greatest = line.max[i]!;
  }
  return { least, greatest, columns: end - first };
}

/** Index of the column nearest to a time, -1 when it lies in silence. */
export function nearest(line: DenseLine, atMs: number): number {
  const { timeMs, gapMs } = line;
  const after = firstFrom(timeMs, atMs);
  const before = after - 1;
  const toAfter = after < timeMs.length ? timeMs[after]! - atMs : Infinity;
  const toBefore = before >= 0 ? atMs - timeMs[before]! : Infinity;
  if (Math.min(toAfter, toBefore) > gapMs / 2) return -1;
  return toAfter < toBefore ? after : before;
}
