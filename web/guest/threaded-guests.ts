/** Guests in threads of their own. */
import { BlockingLoop } from './blocking-loop.ts';
import { GuestThread, type GuestThreads } from './guest-threads.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import { StreamThread } from './own-memory-stream.ts';
import { MAX_LOOP_THREADS, type ThreadLimits } from './thread-limits.ts';
import { GuestFaultError, type HostCalls, type LoopGuest, type StreamGuest } from './types.ts';

/** The fog and the cloud have one each beside the loops. */
const MAX_THREADS = MAX_LOOP_THREADS + 2;

/**
 * @param open null where no memory can be shared with a thread
 * @returns what runs guests in threads, or the sentence that says why none can be made
 */
export async function beginThreads(open: (() => Promise<GuestThreads>) | null, limits: ThreadLimits): Promise<ThreadedGuests | string> {
  if (!open) {
    return 'This page cannot give it a thread, since it may not share memory with one: serve the page with the headers COOP same-origin and COEP require-corp.';
  }
  try {
    return new ThreadedGuests(await open(), limits);
  } catch (error) {
    return `This page could not begin a thread for it: ${error instanceof Error ? error.message : String(error)} Reload the page.`;
  }
}

export class ThreadedGuests {
  readonly #threads: GuestThreads;
  readonly #limits: ThreadLimits;
  readonly #homes = new Map<string, StreamThread>();

  constructor(threads: GuestThreads, limits: ThreadLimits) {
    this.#threads = counted(threads, MAX_THREADS);
    this.#limits = limits;
  }

  /** Throws `GuestFaultError` when there are too many. */
  loop(guest: LoadedGuest, budget: number, host: HostCalls): LoopGuest {
    const thread = new GuestThread(this.#threads, { guest, serves: 'loop', budget }, this.#limits);
    return new BlockingLoop(thread, guest, host);
  }

  /**
   * Throws `GuestFaultError` when the module cannot start, or when there are too many.
   * @param home streams of one guest with the same home share a thread, and lose it together
   */
  stream(guest: LoadedGuest, home: string): StreamGuest {
    const key = `${home} ${guest.sha256}`;
    let thread = this.#homes.get(key);
    if (!thread || thread.lost) {
      const start = { guest, serves: 'streams', budget: 0 } as const;
      thread = new StreamThread(new GuestThread(this.#threads, start, this.#limits), guest);
      this.#homes.set(key, thread);
    }
    return thread.open();
  }
}

function counted(threads: GuestThreads, most: number): GuestThreads {
  let open = 0;
  return {
    nowMs: () => threads.nowMs(),
    open(start) {
      if (open === most) {
        const reason = `There is no thread left for ${start.guest.name}: ${most} guests run in one of their own. Run it on fewer nodes.`;
        throw new GuestFaultError({ kind: 'rule', reason });
      }
      const thread = threads.open(start);
      open += 1;
      let ended = false;
      return {
        terminate() {
          if (ended) return;
          ended = true;
          open -= 1;
          thread.terminate();
        },
      };
    },
  };
}
