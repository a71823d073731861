/** Long work in pieces: it tells how far it is, and lets others in between, an abort among them. */
import type { Work } from './compare-port.ts';

/** Work may hold its thread for this long. */
const STRETCH_MS = 50;

export class Pace {
  readonly #work: Work;
  readonly #pieces: number;
  #done = 0;
  #since = performance.now();

  /** @param pieces of the whole */
  constructor(work: Work, pieces: number) {
    this.#work = work;
    this.#pieces = Math.max(1, pieces);
  }

  /** Before a piece. Throws the signal's reason once it is aborted. */
  async begin(what: string): Promise<void> {
    this.#work.signal?.throwIfAborted();
    this.#work.told?.({ share: Math.min(1, this.#done / this.#pieces), what });
    this.#done += 1;
    await this.breathe();
  }

  /** Within a piece, as often as one likes. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#since < STRETCH_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#since = performance.now();
    this.#work.signal?.throwIfAborted();
  }
}
