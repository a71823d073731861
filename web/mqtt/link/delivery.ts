/** Hands messages to the simulation in batches, and holds the connection while too many have not been taken in. */
import type { FromLink, Incoming } from '../../sim/link-port.ts';

const BATCH = 500;
const BATCH_MS = 8;
const MOST_OUTSTANDING = 20_000;
const RESUME_BELOW = 10_000;

export interface Flow {
  hold(): void;
  release(): void;
}

export class Delivery {
  readonly #post: (message: FromLink) => boolean;
  readonly #flow: Flow;
  #batch: Incoming[] = [];
  #outstanding = 0;
  #held = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param post gives whether there is a receiver */
  constructor(post: (message: FromLink) => boolean, flow: Flow) {
    this.#post = post;
    this.#flow = flow;
  }

  get held(): boolean {
    return this.#held;
  }

  /** For another receiver, who owes nothing for what the one before was given. */
  reset(): void {
    this.#batch = [];
    this.took(this.#outstanding);
  }

  add(message: Incoming): void {
    this.#batch.push(message);
    if (this.#batch.length >= BATCH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  /** Also before anything else is told, so that all stays in order. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#batch.length === 0) return;
    const messages = this.#batch;
    this.#batch = [];
    if (!this.#post({ kind: 'messages', messages })) return;
    this.#outstanding += messages.length;
    if (this.#outstanding >= MOST_OUTSTANDING && !this.#held) {
      this.#held = true;
      this.#flow.hold();
    }
  }

  took(messages: number): void {
    this.#outstanding = Math.max(0, this.#outstanding - messages);
    if (this.#held && this.#outstanding < RESUME_BELOW) {
      this.#held = false;
      this.#flow.release();
    }
  }
}
