/** The watched node's history on the page: growing typed columns, one entry a sample, in time order. */
import type { SeriesColumns } from '../../sim/snapshot.ts';
import { withGaps } from './gaps.ts';

export const valueKeys = ['raw', 'fogEma', 'cloudEma', 'threshold', 'percent', 'rain', 'pump'] as const;
export type ValueKey = (typeof valueKeys)[number];

const firstCapacity = 1024;

export class Columns {
  readonly limit: number;
  #timeS = new Float64Array(firstCapacity);
  #values = emptyValues(firstCapacity);
  #length = 0;

  /** Keeps the newest `limit` samples, or up to a quarter fewer. */
  constructor(limit = 200_000) {
    this.limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  /** Seconds since the scenario's start; strictly rising. A view, void after the next `append`. */
  get timeS(): Float64Array {
    return this.#timeS.subarray(0, this.#length);
  }

  /** NaN where there is no value. A view, void after the next `append`. */
  values(key: ValueKey): Float32Array {
    return this.#values[key].subarray(0, this.#length);
  }

  get firstS(): number {
    return this.#length > 0 ? this.#timeS[0]! : NaN;
  }

  get lastS(): number {
    return this.#length > 0 ? this.#timeS[this.#length - 1]! : NaN;
  }

  /** Adds samples; those not later than the last one are already here (a resent tail) and are skipped. */
  append(fresh: SeriesColumns): void {
    const series = withGaps(fresh, this.lastS, this.#length > 1 ? this.lastS - this.#timeS[this.#length - 2]! : NaN);
    const from = indexAfter(series.timeS, this.lastS);
    const skip = Math.max(from, series.timeS.length - this.limit);
    const count = series.timeS.length - skip;
    if (count <= 0) return;
    this.#makeRoom(count);
    this.#timeS.set(series.timeS.subarray(skip), this.#length);
    for (const key of valueKeys) this.#values[key].set(series[key].subarray(skip), this.#length);
    this.#length += count;
  }

  clear(): void {
    this.#length = 0;
  }

  #makeRoom(count: number): void {
    if (this.#length + count > this.limit) {
      // A quarter at a time, so that a full store does not move all its samples for each new one.
      const freed = Math.max(count, Math.floor(this.limit / 4));
      const kept = Math.max(0, Math.min(this.#length, this.limit - freed));
      const start = this.#length - kept;
      this.#timeS.copyWithin(0, start, this.#length);
      for (const key of valueKeys) this.#values[key].copyWithin(0, start, this.#length);
      this.#length = kept;
    }
    const needed = this.#length + count;
    if (needed <= this.#timeS.length) return;
    const capacity = Math.max(needed, Math.min(this.limit, this.#timeS.length * 2));
    const timeS = new Float64Array(capacity);
    const values = emptyValues(capacity);
    timeS.set(this.timeS);
    for (const key of valueKeys) values[key].set(this.values(key));
    this.#timeS = timeS;
    this.#values = values;
  }
}

type Values = Record<ValueKey, Float32Array>;

function emptyValues(capacity: number): Values {
  return Object.fromEntries(valueKeys.map((key) => [key, new Float32Array(capacity)])) as Values;
}

/** Index of the first time later than `timeS` in a rising column; 0 for NaN. */
export function indexAfter(times: Float64Array, timeS: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! > timeS || Number.isNaN(timeS)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The newest value of a column that is one: results trail the readings. NaN when the newest few are none. */
export function lastKnown(values: Float32Array): number {
  for (let i = values.length - 1; i >= Math.max(0, values.length - 5); i--) if (!Number.isNaN(values[i])) return values[i]!;
  return NaN;
}
