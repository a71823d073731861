/** Limits of guests that run in threads of their own. */

/** Loops with a thread each: so many threads a browser gives one page without complaint. */
export const MAX_LOOP_THREADS = 32;

/**
 * Memories of guests that do not share the common one. A process gets 125 memories, whatever their size, and
 * the engine, the page and the pages beside it need some.
 */
export const MAX_OWN_MEMORIES = 100;

export interface ThreadLimits {
  /** Milliseconds of wall-clock time that a guest that cannot be metered may run without a pause. */
  sliceMs: number;
  /** Milliseconds in which a thread comes up, and a metered slice has spent its budget: what takes longer is broken. */
  silenceMs: number;
}

export const threadLimits: ThreadLimits = {
  // The guests that ship take some 10 us, so even one that does a thousand times their work on a slow phone is far
  // from it; and the whole simulation stands still meanwhile, which looks like a hang if it lasts longer.
  sliceMs: 2000,
  // The largest budget that can be set takes some seconds on a slow phone.
  silenceMs: 30_000,
};
