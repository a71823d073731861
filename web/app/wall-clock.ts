/** The platform's time, for pacing. */
import type { WallClock } from '../sim/pacer.ts';

/** Microseconds since 1970; unlike `Date.now` it is not stepped when the machine's clock is set. */
export function epochUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

export function wallClock(): WallClock {
  // A timer of 0 ms is stretched to 4 ms when nested; a message is not.
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  return {
    nowMs: () => performance.now(),
    rest: (ms) =>
      new Promise((resolve) => {
        if (ms > 0) setTimeout(resolve, ms);
        else {
          waiting.push(resolve);
          channel.port2.postMessage(null);
        }
      }),
  };
}
