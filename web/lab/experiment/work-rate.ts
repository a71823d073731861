/** How long the work has taken, and how long the rest will. */

/** Before that, starting the workers is most of what was measured. */
const SHORTEST_S = 2;

export class WorkRate {
  readonly #nowMs: () => number;
  /** Seconds of earlier visits. */
  readonly #beforeS: number;
  #workedMs = 0;
  #sinceMs: number | null = null;

  /** @param nowMs a clock that never goes back */
  constructor(beforeS: number, nowMs: () => number) {
    this.#beforeS = beforeS;
    this.#nowMs = nowMs;
  }

  start(): void {
    this.#sinceMs ??= this.#nowMs();
  }

  stop(): void {
    this.#workedMs = this.#hereMs();
    this.#sinceMs = null;
  }

  /** Wall-clock seconds, pauses left out. */
  get elapsedS(): number {
    return this.#beforeS + this.#hereMs() / 1000;
  }

  /**
   * Wall-clock seconds that the rest takes at the speed so far; null before that is known.
   * @param done work done since this was made
   * @param left in the same unit
   */
  leftS(done: number, left: number): number | null {
    const hereS = this.#hereMs() / 1000;
    return hereS >= SHORTEST_S && done > 0 ? (left / done) * hereS : null;
  }

  #hereMs(): number {
    return this.#workedMs + (this.#sinceMs === null ? 0 : this.#nowMs() - this.#sinceMs);
  }
}
