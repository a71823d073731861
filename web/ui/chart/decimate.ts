/**
 * Thins columns for drawing: at most two points a bucket, each column's least and greatest value there in
 * the order they came, so that no spike disappears. A point's time may be off by less than one bucket,
 * which is a pixel's width or less.
 */
import { indexAfter, valueKeys } from './columns.ts';
import type { Columns } from './columns.ts';

/** x in seconds since the scenario's start, then one column for each of `valueKeys`; null is a gap. */
export type Drawable = [number[], ...(number | null)[][]];

/**
 * The samples of `columns` from `fromS` to `toS`, and one more on either side so that lines leave the
 * picture, in buckets of `(toS - fromS) / buckets` seconds. Up to two samples a bucket stay as they are.
 */
export function decimate(columns: Columns, fromS: number, toS: number, buckets: number): Drawable {
  const times = columns.timeS;
  const start = Math.max(0, indexAfter(times, fromS) - 1);
  const end = Math.min(times.length, indexAfter(times, toS) + 1);
  const x: number[] = [];
  const ys: (number | null)[][] = valueKeys.map(() => []);
  if (end - start <= buckets * 2) {
    for (let i = start; i < end; i++) x.push(times[i]!);
    valueKeys.forEach((key, k) => {
      const values = columns.values(key);
      for (let i = start; i < end; i++) ys[k]!.push(orGap(values[i]!));
    });
    return [x, ...ys];
  }

  const widthS = (toS - fromS) / buckets;
  // Buckets lie on multiples of their width, not on the window's start: a scrolling picture keeps its shape.
  const bucketOf = (i: number) => Math.floor(times[i]! / widthS);
  const starts: number[] = [];
  for (let i = start, last = NaN; i < end; i++) {
    const bucket = bucketOf(i);
    if (bucket === last) continue;
    last = bucket;
    starts.push(i);
  }
  starts.push(end);
  for (let b = 0; b + 1 < starts.length; b++) {
    x.push(times[starts[b]!]!);
    if (starts[b + 1]! - starts[b]! > 1) x.push(times[starts[b + 1]! - 1]!);
  }
  valueKeys.forEach((key, k) => thin(columns.values(key), starts, ys[k]!));
  return [x, ...ys];
}

function thin(values: Float32Array, starts: readonly number[], out: (number | null)[]): void {
  for (let b = 0; b + 1 < starts.length; b++) {
    const first = starts[b]!;
    const end = starts[b + 1]!;
    if (end - first === 1) {
      out.push(orGap(values[first]!));
      continue;
    }
    let least = -1;
    let greatest = -1;
    for (let i = first; i < end; i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      if (least < 0 || value < values[least]!) least = i;
      if (greatest < 0 || value > values[greatest]!) greatest = i;
    }
    if (least < 0) out.push(null, null);
    else out.push(values[Math.min(least, greatest)]!, values[Math.max(least, greatest)]!);
  }
}

function orGap(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
