/** A board that lags or hurries would send its readings at other times than it was told. */
import { expect, it } from 'vitest';
import type { BoardClock } from '../rom/board-clock.ts';
import { BoardTime } from './board-time.ts';

class HandClock implements BoardClock {
  #nowMs = 1000;
  #timers: { atMs: number; fire: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, fire: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, fire };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Fires what is due on the way, each at its time, and lets what follows from it happen. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const due = this.#timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((each) => each !== due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.fire();
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.#nowMs = endMs;
  }

  /** The machine sleeps: no timer fires meanwhile. */
  sleep(ms: number): void {
    this.#nowMs += ms;
  }
}

function beating(everyMs: number) {
  const clock = new HandClock();
  const failures: unknown[] = [];
  const time = new BoardTime(clock, (error) => failures.push(error));
  const beats: number[] = [];
  const beat = (): void => {
    beats.push(clock.nowMs() - 1000);
    time.kernel.after(everyMs * 1000, beat);
  };
  return { clock, time, beats, failures, start: () => time.now(beat) };
}

it('does what is due at its time, however far apart', async () => {
  const { clock, beats, start } = beating(8000);
  await start();
  await clock.pass(40_000);
  expect(beats).toEqual([0, 8000, 16_000, 24_000, 32_000, 40_000]);
});

it('does not hurry after what it slept through', async () => {
  const { clock, beats, start } = beating(1000);
  await start();
  await clock.pass(1500);
  clock.sleep(3_600_000);
  await clock.pass(2000);
  expect(beats.length).toBeLessThan(10);
});

it('stops with what throws, and tells of it once', async () => {
  const { clock, time, beats, failures, start } = beating(1000);
  await start();
  await time.now(() => {
    throw new Error('never thrown');
  });
  await clock.pass(5000);
  expect(beats).toEqual([0]);
  expect(failures).toEqual([new Error('never thrown')]);
});
