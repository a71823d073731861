/** The last questions to the broker and how long their answers took. */

/** Enough for a median that one late answer does not move, few enough to follow a change within two minutes. */
const DELAY_OF = 9;
const KEPT = 60;

export class RoundTrips {
  #ms: number[] = [];

  add(ms: number): void {
    this.#ms.push(ms);
    if (this.#ms.length > KEPT) this.#ms.shift();
  }

  clear(): void {
    this.#ms = [];
  }

  /** Null before the first. */
  get summary(): { medianMs: number; p95Ms: number; samples: number } | null {
    if (this.#ms.length === 0) return null;
    const sorted = this.#ms.toSorted((a, b) => a - b);
    return { medianMs: at(sorted, 0.5), p95Ms: at(sorted, 0.95), samples: sorted.length };
  }

  /** One way, microseconds: half of the median, and half the spread of the last ones. Null before the first. */
  get delay(): { oneWayUs: number; errorUs: number } | null {
    const last = this.#ms.slice(-DELAY_OF).toSorted((a, b) => a - b);
    if (last.length === 0) return null;
    const oneWayUs = Math.round(at(last, 0.5) * 500);
    return { oneWayUs, errorUs: Math.round((last[last.length - 1] - last[0]) * 250) };
  }
}

function at(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
