/** The last `capacity` values of a measurement and their quantiles. */
export class RecentValues {
  #values: Float64Array;
  #count = 0;

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
  }

  /** Values kept now, at most the capacity. */
  get size(): number {
    return Math.min(this.#count, this.#values.length);
  }

  /** Keeps this many from now on, if that is more than before; what it had is gone. */
  widen(capacity: number): void {
    if (capacity <= this.#values.length) return;
    this.#values = new Float64Array(capacity);
    this.#count = 0;
  }

  add(value: number): void {
    if (this.#values.length === 0) return;
    this.#values[this.#count % this.#values.length] = value;
    this.#count += 1;
  }

  /**
   * Quantiles by the nearest-rank method; NaN for each when nothing was added.
   * @param ranks each within 0..1
   */
  quantiles(...ranks: number[]): number[] {
    const size = this.size;
    if (size === 0) return ranks.map(() => NaN);
    const sorted = this.#values.slice(0, size).sort();
    return ranks.map((rank) => sorted[Math.max(0, Math.ceil(rank * size) - 1)]);
  }
}
