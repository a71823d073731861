/**
 * The rows of a table whose values change all the time. They are sorted anew at most once a second, and
 * not at all while somebody points at the table or works it by keyboard, or rows would jump away.
 */
const SORT_EVERY_MS = 1000;

export class LiveRows {
  #rows = $state.raw<number[]>([]);
  #held = $state(false);
  #sortedAtMs = -Infinity;

  get rows(): number[] {
    return this.#rows;
  }

  get held(): boolean {
    return this.#held;
  }

  hold(held: boolean): void {
    this.#held = held;
  }

  /** The user asked for other rows or another order. */
  now(rows: () => number[], nowMs: number): void {
    this.#sortedAtMs = nowMs;
    this.#rows = rows();
  }

  /** Values have changed. */
  due(rows: () => number[], nowMs: number): void {
    if (!this.#held && nowMs - this.#sortedAtMs >= SORT_EVERY_MS) this.now(rows, nowMs);
  }
}
