/** What this layer needs of the platform's threads, and the simulation's end of one. */
import { BlockingChannel, type CallRecord, type Silence } from './blocking-channel.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import type { ThreadLimits } from './thread-limits.ts';
import { GuestFaultError, type GuestFault } from './types.ts';

/** What a thread is told at its start. */
export interface ThreadStart {
  buffer: SharedArrayBuffer;
  guest: LoadedGuest;
  /** `loop` runs its `main`; `streams` makes instances and calls them as it is asked. */
  serves: 'loop' | 'streams';
  /** Instructions of a slice; of no effect on a guest that is not metered. */
  budget: number;
}

/** Threads that run `serveGuest`; how they are made differs between browser and Node. */
export interface GuestThreads {
  /**
   * Begins a thread and returns at once. The thread has to come up although the caller blocks from now on;
   * and when it ends by itself, `sayDied` has to be called on its channel, again although the caller blocks.
   */
  open(start: ThreadStart): { terminate(): void };
  /** Wall-clock time, for limits alone. */
  nowMs(): number;
}

export class GuestThread {
  readonly #threads: GuestThreads;
  readonly #channel = new BlockingChannel();
  readonly #thread: { terminate(): void };
  readonly #metered: boolean;
  readonly #sliceMs: number;
  readonly #silenceMs: number;
  #endMs = 0;
  #ready = false;

  constructor(threads: GuestThreads, start: Omit<ThreadStart, 'buffer'>, { sliceMs, silenceMs }: ThreadLimits) {
    this.#threads = threads;
    this.#metered = start.guest.metered;
    this.#silenceMs = silenceMs;
    this.#sliceMs = this.#metered ? silenceMs : sliceMs;
    this.#channel.giveFirstTurn();
    this.#thread = threads.open({ ...start, buffer: this.#channel.buffer });
  }

  /** Begins a slice, and blocks until the guest's first call in it. Throws `GuestFaultError` when the thread is lost. */
  begin(request: readonly number[]): CallRecord {
    if (!this.#ready) this.#receive(this.#silenceMs);
    this.#ready = true;
    this.#endMs = this.#threads.nowMs() + this.#sliceMs;
    return this.answer(request);
  }

  /** Goes on with the slice, and blocks until the guest's next call. Throws as `begin`. */
  answer(request: readonly number[]): CallRecord {
    this.#channel.answer(request);
    return this.#receive(Math.max(0, this.#endMs - this.#threads.nowMs()));
  }

  terminate(): void {
    this.#thread.terminate();
  }

  #receive(limitMs: number): CallRecord {
    const record = this.#channel.await(limitMs);
    if (typeof record !== 'string') return record;
    this.terminate();
    throw new GuestFaultError(this.#lost(record));
  }

  #lost(silence: Silence): GuestFault {
    if (silence === 'died') {
      const reason =
        'The thread of this guest ended without a word: the browser may be out of memory, or a part of this page did not load.';
      return { kind: 'trap', reason };
    }
    if (!this.#ready) {
      const reason = `The thread of this guest did not come up within ${this.#silenceMs / 1000} s. Run fewer nodes, or reload the page.`;
      return { kind: 'trap', reason };
    }
    const ran = `It ran for ${this.#sliceMs / 1000} s without a pause`;
    if (this.#metered) return { kind: 'trap', reason: `${ran}, although its instructions are counted: its thread hangs and was ended.` };
    return {
      kind: 'budget',
      reason:
        `${ran} and could not be counted; its thread was ended. ` +
        'A loop guest has to call delay_ms or read_sensor; a function that the fog or the cloud calls has to return.',
    };
  }
}
