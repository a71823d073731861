/** Time as the flasher sees it: the page's, or one that a test moves. */
export interface FlasherClock {
  /** Milliseconds from an arbitrary start. */
  nowMs(): number;
  /** Calls once, at least `delayMs` from now; what it returns cancels. */
  setTimer(delayMs: number, fire: () => void): () => void;
}

export const pageClock: FlasherClock = {
  nowMs: () => performance.now(),
  setTimer: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

export function pause(clock: FlasherClock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.setTimer(delayMs, resolve));
}
