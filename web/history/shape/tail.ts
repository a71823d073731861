/** The newest samples of a series, in memory until they go into a block. */
import { inOrder } from './merge.ts';
import { noSamples, type Samples } from './samples.ts';

export class Tail {
  #timeMs = new Float64Array(16);
  #value = new Float32Array(16);
  #count = 0;
  #ordered: Samples | null = null;

  /** Samples added, those that replace another included. */
  get added(): number {
    return this.#count;
  }

  add(timeMs: number, value: number): void {
    if (this.#count === this.#timeMs.length) this.#grow();
    this.#timeMs[this.#count] = timeMs;
    this.#value[this.#count++] = value;
    this.#ordered = null;
  }

  /** In order; views that hold until the next `add`. */
  samples(): Samples {
    if (this.#count === 0) return noSamples;
    this.#ordered ??= inOrder(this.#timeMs.subarray(0, this.#count), this.#value.subarray(0, this.#count));
    return this.#ordered;
  }

  #grow(): void {
    const [timeMs, value] = [new Float64Array(this.#count * 2), new Float32Array(this.#count * 2)];
    timeMs.set(this.#timeMs);
    value.set(this.#value);
    this.#timeMs = timeMs;
    this.#value = value;
  }
}
