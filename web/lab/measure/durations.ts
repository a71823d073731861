/** All durations of one hop, kept whole so that every quantile is exact. */

const FIRST_CAPACITY = 1024;
const LARGEST = 0x7fff_ffff;

export class Durations {
  /** Whole microseconds in 32 bits, which take half the room and sort in half the time; wider once one is longer than half an hour. */
  #values: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> = new Int32Array(FIRST_CAPACITY);
  #count = 0;
  #sum = 0;

  get count(): number {
    return this.#count;
  }

  /** @param us a whole number of microseconds */
  add(us: number): void {
    if (this.#count === this.#values.length) this.#grow();
    if (us > LARGEST || us < -LARGEST) this.#widen();
    this.#values[this.#count] = us;
    this.#count += 1;
    this.#sum += us;
  }

  clear(): void {
    this.#values = new Int32Array(FIRST_CAPACITY);
    this.#count = 0;
    this.#sum = 0;
  }

  /** Milliseconds; NaN when there is none. */
  meanMs(): number {
    return this.#sum / this.#count / 1000;
  }

  /**
   * Milliseconds by the nearest-rank method; NaN for each when there is none.
   * @param ranks each within 0..1
   */
  quantilesMs(ranks: readonly number[]): number[] {
    const count = this.#count;
    if (count === 0) return ranks.map(() => NaN);
    const sorted = this.#values.slice(0, count).sort();
    return ranks.map((rank) => sorted[Math.max(0, Math.ceil(rank * count) - 1)]! / 1000);
  }

  #grow(): void {
    const before = this.#values;
    const capacity = 2 * before.length;
    this.#values = before instanceof Int32Array ? new Int32Array(capacity) : new Float64Array(capacity);
    this.#values.set(before);
  }

  #widen(): void {
    if (this.#values instanceof Int32Array) this.#values = new Float64Array(this.#values);
  }
}
