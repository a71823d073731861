/** What is done when the line or the board fails in the middle of a job, and when it is given up. */
import { FlashFailure, textOf } from '../flash-failure.ts';
import type { FlashLog } from '../flash-log.ts';
import { bauds, type LoaderSession } from './loader-session.ts';
import { Refused } from './stub-commands.ts';

/** In a row, without anything that succeeded in between. */
const mostFailures = 10;
/** The board is reset in between, since its stub may be gone. */
const mostReopenings = 4;

export class Recovery {
  readonly session: LoaderSession;
  readonly #log: FlashLog;
  #failures = 0;
  #allFailures = 0;
  #reopenings = 0;

  constructor(session: LoaderSession, log: FlashLog) {
    this.session = session;
    this.#log = log;
  }

  /** Of the whole job. */
  get failures(): number {
    return this.#allFailures;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** Does what may be repeated until it succeeds; rejects with a `FlashFailure` when it does not. */
  async keepTrying<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        await this.recover(error);
      }
    }
  }

  /** Brings the stub back to where it listens, or rejects with the `FlashFailure` that ends the job. */
  async recover(error: unknown): Promise<void> {
    if (error instanceof FlashFailure) throw error;
    this.#failures++;
    this.#allFailures++;
    this.#log.add(`failure ${this.#allFailures}: ${textOf(error)}`);
    if (this.#failures >= mostFailures) {
      if (error instanceof Refused) throw new FlashFailure('flash-failed', error.message);
      throw new FlashFailure(this.#reopenings > 1 ? 'slow-bridge' : 'garbled', textOf(error));
    }
    // Each third failure in a row goes on slower, though the stub may answer.
    if (this.#failures % 3 !== 0 && (await this.session.stub.resynchronise())) return;
    if (this.#reopenings >= mostReopenings) throw new FlashFailure('garbled', textOf(error));
    this.#reopenings++;
    await this.session.reopen(bauds.find((baud) => baud < this.session.baud) ?? bauds.at(-1)!);
  }
}
