/** Makes running guests: the one place that knows how loops are suspended on this machine. */
import { Arena } from './arena.ts';
import type { GuestThreads } from './guest-threads.ts';
import { hasJspi, JspiLoop } from './jspi-loop.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import { WasmStream } from './stream-guest.ts';
import { MAX_LOOP_THREADS, threadLimits } from './thread-limits.ts';
import type { ThreadedGuests } from './threaded-guests.ts';
import type { HostCalls, LoopGuest, StreamGuest } from './types.ts';

/** `jspi`: stacks that the engine suspends; `workers`: a blocked thread for each loop. */
export type LoopKind = 'jspi' | 'workers';

export interface GuestEngine {
  readonly loopKind: LoopKind;
  /** Most loop guests at once. */
  readonly maxLoops: number;
  /** Makes ready what this guest needs to run; returns why it cannot run here, as a sentence, or null. */
  admit(guest: LoadedGuest): Promise<string | null>;
  /** Throws `GuestFaultError` when the module cannot start. */
  loop(guest: LoadedGuest, budget: number, host: HostCalls): LoopGuest;
  /**
   * Throws `GuestFaultError` when the module cannot start.
   * @param home the node it runs on: one that cannot be metered takes down only streams of the same home
   */
  stream(guest: LoadedGuest, budget: number, home?: string): StreamGuest;
}

/**
 * @param wanted `jspi`, `workers`, or null for the best there is
 * @param openThreads begins to give threads; null where there is no shared memory
 * @returns the engine, or the sentence that says why no loop guest can run here
 */
export async function createEngine(
  wanted: LoopKind | null,
  openThreads: (() => Promise<GuestThreads>) | null,
  limits = threadLimits,
): Promise<GuestEngine | string> {
  const loopKind = wanted ?? (hasJspi() ? 'jspi' : 'workers');
  if (loopKind === 'jspi' && !hasJspi()) {
    return (await import('./engine-problem.ts')).noJspi;
  }
  if (loopKind === 'workers' && !openThreads) {
    return (await import('./engine-problem.ts')).noThreads;
  }
  const arena = new Arena();
  let threaded: ThreadedGuests | null = null;
  let beginning: Promise<string | null> | null = null;
  // Few pages need threads, so the others do not load what handles them.
  const begin = async (): Promise<string | null> => {
    const threads = await import('./threaded-guests.ts').catch(() => null);
    const begun = threads ? await threads.beginThreads(openThreads, limits) : 'A part of this page did not load. Reload it.';
    if (typeof begun === 'string') {
      beginning = null;
      return begun;
    }
    threaded = begun;
    return null;
  };
  const admitted = (): ThreadedGuests => {
    if (threaded) return threaded;
    throw new Error('It was not admitted.');
  };
  const problem = loopKind === 'workers' ? await (beginning = begin()) : null;
  if (problem !== null) return problem;
  return {
    loopKind,
    maxLoops: loopKind === 'workers' ? MAX_LOOP_THREADS : Infinity,
    admit: async ({ metered }) => (metered ? null : (beginning ??= begin())),
    loop: (guest, budget, host) =>
      guest.metered && loopKind === 'jspi'
        ? new JspiLoop(guest, arena, budget, host)
        : admitted().loop(guest, budget, host),
    stream: (guest, budget, home = '') =>
      guest.metered ? new WasmStream(guest, arena, budget) : admitted().stream(guest, home),
  };
}
