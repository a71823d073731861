import { describe, expect, test } from 'vitest';
import { Kernel } from './kernel.ts';
import { Pacer, type WallClock } from './pacer.ts';

/** Wall time that passes only while the pacer rests, and by `costMs` for each event. */
class FakeClock implements WallClock {
  ms = 0;
  onRest: () => void = () => undefined;

  nowMs(): number {
    return this.ms;
  }

  rest(ms: number): Promise<void> {
    this.ms += Math.max(ms, 0.1);
    this.onRest();
    return Promise.resolve();
  }
}

function ticking(kernel: Kernel, everyUs: number, action: () => void): void {
  const tick = (): void => {
    action();
    kernel.after(everyUs, tick);
  };
  kernel.at(0, tick);
}

async function runUntilWall(pacer: Pacer, clock: FakeClock, untilMs: number): Promise<void> {
  clock.onRest = () => {
    if (clock.ms >= untilMs) pacer.pause();
  };
  await pacer.run();
}

describe('Pacer', () => {
  test('keeps virtual time at the asked multiple of wall time', async () => {
    const [kernel, clock] = [new Kernel(), new FakeClock()];
    const pacer = new Pacer(clock, kernel, 60);
    ticking(kernel, 10_000, () => undefined);
    await runUntilWall(pacer, clock, 5000);
    expect(kernel.nowUs / 1000 / clock.ms).toBeCloseTo(60, 0);
  });

  test('a simulation that is too slow gives up its debt instead of freezing the page', async () => {
    const [kernel, clock] = [new Kernel(), new FakeClock()];
    const pacer = new Pacer(clock, kernel, 1000);
    // Each event costs 1 ms of wall time and stands for 10 ms of virtual time: 10x at best.
    let longestMs = 0;
    let sliceStartMs = 0;
    ticking(kernel, 10_000, () => void (clock.ms += 1));
    clock.onRest = () => {
      longestMs = Math.max(longestMs, clock.ms - sliceStartMs);
      sliceStartMs = clock.ms;
      if (clock.ms >= 5000) pacer.pause();
    };
    await pacer.run();
    expect(longestMs).toBeLessThan(100);
    expect(pacer.running).toBe(false);
    expect(kernel.nowUs / 1000 / clock.ms).toBeLessThan(11);
  });

  test('as fast as it goes does not wait for the wall clock', async () => {
    const [kernel, clock] = [new Kernel(), new FakeClock()];
    const pacer = new Pacer(clock, kernel, Infinity);
    ticking(kernel, 10_000, () => void (clock.ms += 0.001));
    await runUntilWall(pacer, clock, 1000);
    expect(kernel.nowUs / 1000 / clock.ms).toBeGreaterThan(1000);
  });

  test('exclusive work never runs inside a slice, else a calibration could meet a half-run event', async () => {
    const [kernel, clock] = [new Kernel(), new FakeClock()];
    const pacer = new Pacer(clock, kernel, Infinity);
    let inside = false;
    const tick = async (): Promise<void> => {
      inside = true;
      await Promise.resolve();
      clock.ms += 1;
      inside = false;
      kernel.after(1000, tick);
    };
    kernel.at(0, tick);
    const seen: boolean[] = [];
    clock.onRest = () => {
      void pacer.exclusively(() => void seen.push(inside));
      if (clock.ms >= 200) pacer.pause();
    };
    await pacer.run();
    await pacer.exclusively(() => undefined);
    expect(seen.length).toBeGreaterThan(5);
    expect(seen).not.toContain(true);
  });

  test('pausing and running on in quick succession leaves one loop, else each click would cost more', async () => {
    const [kernel, clock] = [new Kernel(), new FakeClock()];
    const pacer = new Pacer(clock, kernel, 1);
    ticking(kernel, 10_000, () => undefined);
    let rests = 0;
    const resting: (() => void)[] = [];
    clock.rest = () => new Promise((resolve) => resting.push(resolve));
    for (let click = 0; click < 10; click += 1) {
      void pacer.run();
      await new Promise((resolve) => setTimeout(resolve, 1));
      pacer.pause();
    }
    void pacer.run();
    clock.rest = () => {
      rests += 1;
      return new Promise(() => undefined);
    };
    for (const wake of resting) wake();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(rests).toBe(1);
  });

  test('an event that throws ends the run with its reason', async () => {
    const [kernel, clock] = [new Kernel(), new FakeClock()];
    const pacer = new Pacer(clock, kernel, 60);
    kernel.at(1000, () => {
      throw new Error('broken model');
    });
    await expect(pacer.run()).rejects.toThrow('broken model');
  });
});
