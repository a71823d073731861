/** One series as held in memory: the heads of its blocks and what is not in a block yet. */
import type { Quantity, SeriesInfo } from '../history-port.ts';
import { merge } from '../shape/merge.ts';
import { noSamples, type Samples } from '../shape/samples.ts';
import { Tail } from '../shape/tail.ts';
import type { Head } from './head.ts';

export class Series {
  readonly id: number;
  readonly node: string;
  readonly quantity: Quantity;
  /** Whether its row is in the database. */
  stored = false;
  /** In order of time, none overlapping; replaced as a whole, so that a reader's copy stays as it was. */
  heads: readonly Head[] = [];
  /** On its way into a block. */
  #moving: Samples = noSamples;
  #tail = new Tail();
  #recent: Samples | null = null;

  constructor(id: number, node: string, quantity: Quantity) {
    this.id = id;
    this.node = node;
    this.quantity = quantity;
  }

  /** About how many samples are in no block. */
  get loose(): number {
    return this.#tail.added + this.#moving.timeMs.length;
  }

  add(timeMs: number, value: number): void {
    this.#tail.add(timeMs, value);
    this.#recent = null;
  }

  /** What is in no block; it replaces samples of blocks at the same times. Views that hold until the next `add`. */
  recent(): Samples {
    this.#recent ??= merge(this.#moving, this.#tail.samples());
    return this.#recent;
  }

  /** Begins the move of all that is loose into blocks; nothing of it is lost if the move fails. */
  move(): Samples {
    this.#moving = this.recent();
    this.#tail = new Tail();
    return this.#moving;
  }

  /** Ends the move: `heads` hold it now. */
  moved(heads: readonly Head[]): void {
    this.heads = heads;
    this.#moving = noSamples;
    this.#recent = null;
  }

  /** Forgets the older half of what is loose; to be called while nothing moves. Gives the number forgotten. */
  shed(): number {
    const { timeMs, value } = this.recent();
    const half = timeMs.length >> 1;
    this.#moving = { timeMs: timeMs.slice(half), value: value.slice(half) };
    this.#tail = new Tail();
    this.#recent = null;
    return half;
  }

  clear(): void {
    this.stored = false;
    this.#tail = new Tail();
    this.moved([]);
  }

  /** Null when it has no sample. */
  info(): SeriesInfo | null {
    const { timeMs } = this.recent();
    const [first, last] = [this.heads[0], this.heads[this.heads.length - 1]];
    if (!first && timeMs.length === 0) return null;
    return {
      node: this.node,
      quantity: this.quantity,
      fromMs: Math.min(first?.fromMs ?? Infinity, timeMs[0] ?? Infinity),
      toMs: Math.max(last?.toMs ?? -Infinity, timeMs[timeMs.length - 1] ?? -Infinity),
      samples: this.heads.reduce((sum, { samples }) => sum + samples, timeMs.length),
    };
  }
}
