/** Samples of one series, in columns. */
export interface Samples {
  /** Whole milliseconds since 1970; rising, no time twice. */
  timeMs: Float64Array;
  value: Float32Array;
}

/** Times beyond are no dates. */
export const MOST_TIME_MS = 8.64e15;

export const noSamples: Samples = { timeMs: new Float64Array(0), value: new Float32Array(0) };

/** Index of the first of the rising `times` that is not below `timeMs`; their length when there is none. */
export function indexFrom(times: Float64Array, timeMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Those from `fromMs` to `toMs`, both included, as views. */
export function within({ timeMs, value }: Samples, fromMs: number, toMs: number): Samples {
  const start = indexFrom(timeMs, fromMs);
  const end = indexAfter(timeMs, toMs);
  return { timeMs: timeMs.subarray(start, end), value: value.subarray(start, end) };
}

export function indexAfter(times: Float64Array, timeMs: number): number {
  const at = indexFrom(times, timeMs);
  return at < times.length && times[at] === timeMs ? at + 1 : at;
}
