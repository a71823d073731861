/** Time for campaigns and tests: it passes only as far as something waits for it. */
import { vi } from 'vitest';
import type { CampaignTime } from './fault-campaign.ts';

/** As in browsers, which hold a timer set by a timer back for so long. https://html.spec.whatwg.org/#timers */
const SHORTEST_TIMER_MS = 4;

/** Work that waits for no timer may wait for the disk, as `import()` does; it gets so many rounds of real time. */
const IDLE_ROUNDS = 200;
const IDLE_ROUND_MS = 5;

/**
 * Takes over `setTimeout`, `Date` and `performance` of this process until `vi.useRealTimers()`: a library that polls
 * with `setTimeout` waits in this time too. For the same result each time, what is loaded with `import()` must have been
 * loaded before.
 */
export function takeOverTime(): CampaignTime {
  const nextTurn = setImmediate;
  const setRealTimeout = setTimeout;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'], now: 1_000_000 });
  const setExactTimeout = globalThis.setTimeout;
  const setClampedTimeout = (fire: () => void, delayMs = 0, ...rest: []) => setExactTimeout(fire, Math.max(delayMs, SHORTEST_TIMER_MS), ...rest);
  // The properties of the fake one are how `vi.useRealTimers` knows what to put back.
  globalThis.setTimeout = Object.assign(setClampedTimeout, setExactTimeout);
  return {
    nowMs: () => Date.now(),
    setTimer: (delayMs, fire) => {
      const timer = setExactTimeout(fire, Math.ceil(delayMs));
      return () => clearTimeout(timer);
    },
    pass: async <T>(work: Promise<T>, limitMs: number) => {
      const endMs = Date.now() + limitMs;
      let result: { settled: T } | null = null;
      let idleRounds = 0;
      let failure: { error: unknown } | null = null;
      work.then(
        (settled) => (result = { settled }),
        (error: unknown) => (failure = { error }),
      );
      for (;;) {
        // A turn of the event loop lets every promise settle that can.
        await new Promise<void>((resolve) => nextTurn(resolve));
        if (result !== null) return result;
        if (failure !== null) throw (failure as { error: unknown }).error;
        if (vi.getTimerCount() > 0) {
          if (Date.now() > endMs) return 'hung';
          idleRounds = 0;
          vi.advanceTimersToNextTimer();
        } else {
          if (++idleRounds > IDLE_ROUNDS) return 'hung';
          await new Promise<void>((resolve) => setRealTimeout(resolve, IDLE_ROUND_MS));
        }
      }
    },
  };
}
