/** Time as a session needs it, so that tests decide how it passes. */
export interface Clock {
  /** Since 1970. */
  nowMs(): number;
  /** Runs once, after at least that long; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const wallClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}
