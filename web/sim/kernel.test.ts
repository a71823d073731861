import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Kernel, KernelEvent } from './kernel.ts';

class Named extends KernelEvent {
  bring: () => void = () => undefined;

  override run(): void {
    this.bring();
  }
}

describe('Kernel', () => {
  test('runs events by time, then priority, then order of scheduling, else a seed would not repeat a run', async () => {
    // Within a bucket of the queue, within its wheel, and beyond it.
    const timeUs = fc.oneof(fc.nat(20), fc.nat(10_000), fc.nat(60_000_000));
    const event = fc.record({ timeUs, priority: fc.integer({ min: -2, max: 2 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
        const kernel = new Kernel();
        const ran: number[] = [];
        events.forEach(({ timeUs, priority }, index) => kernel.at(timeUs, () => void ran.push(index), priority));
        await kernel.runUntil(60_000_000);
        const expected = events
          .map((each, index) => ({ ...each, index }))
          .sort((a, b) => a.timeUs - b.timeUs || a.priority - b.priority || a.index - b.index)
          .map(({ index }) => index);
        expect(ran).toEqual(expected);
      }),
    );
  });

  test('waits for an action before the next event, else a guest would run beside its neighbours', async () => {
    const kernel = new Kernel();
    const log: string[] = [];
    kernel.at(1, async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push('slow');
    });
    kernel.at(2, () => void log.push('next'));
    await kernel.runUntil(2);
    expect(log).toEqual(['slow', 'next']);
  });

  test('events scheduled by events run in the same pass, and the clock ends where it was asked to', async () => {
    const kernel = new Kernel();
    const timesUs: number[] = [];
    const tick = (): void => {
      timesUs.push(kernel.nowUs);
      kernel.after(10, tick);
    };
    kernel.at(0, tick);
    expect(await kernel.runUntil(35)).toBe(true);
    expect(timesUs).toEqual([0, 10, 20, 30]);
    expect(kernel.nowUs).toBe(35);
  });

  test('an event put in late keeps the place it reserved, else a retry would change the order of a lossy run', async () => {
    const kernel = new Kernel();
    const ran: string[] = [];
    const named = (name: string): KernelEvent => Object.assign(new Named(), { bring: () => ran.push(name) });
    kernel.schedule(9, named('before'));
    const reserved = kernel.reserve();
    kernel.schedule(9, named('after'));
    kernel.at(5, () => kernel.scheduleReserved(reserved, 9, named('reserved')));
    await kernel.runUntil(9);
    expect(ran).toEqual(['before', 'reserved', 'after']);
  });

  test('what events schedule meanwhile, near or far, comes in order of time, else a node would live in the past', async () => {
    const delayUs = fc.oneof(fc.nat(2000), fc.nat(5_000_000), fc.nat(20_000_000));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(delayUs, { maxLength: 4 }), { minLength: 1, maxLength: 40 }), async (rounds) => {
        const kernel = new Kernel();
        const ran: { timeUs: number; sequence: number }[] = [];
        let due = 0;
        const follow = (round: number): void => {
          for (const delay of rounds[round] ?? []) {
            const [timeUs, sequence] = [kernel.nowUs + delay, due];
            kernel.after(delay, () => {
              ran.push({ timeUs, sequence });
              expect(kernel.nowUs).toBe(timeUs);
              follow(round + 1);
            });
            due += 1;
          }
        };
        follow(0);
        // A look ahead must not disturb what is put in afterwards.
        while (due < 400 && kernel.nextUs() !== null && (await kernel.step()));
        const ordered = [...ran].sort((a, b) => a.timeUs - b.timeUs || a.sequence - b.sequence);
        expect(ran).toEqual(ordered);
      }),
    );
  });

  test('a cancelled event does not run and does not count as next', async () => {
    const kernel = new Kernel();
    const cancelled = kernel.at(5, () => expect.unreachable());
    kernel.at(9, () => undefined);
    cancelled.cancelled = true;
    expect(kernel.nextUs()).toBe(9);
    await kernel.runUntil(10);
    expect(kernel.executed).toBe(1);
  });

  test('yields between events when asked and goes on where it stopped', async () => {
    const kernel = new Kernel();
    let count = 0;
    for (let timeUs = 0; timeUs < 1000; timeUs += 1) kernel.at(timeUs, () => void (count += 1));
    expect(await kernel.runUntil(2000, () => true)).toBe(false);
    expect(count).toBeLessThan(1000);
    expect(await kernel.runUntil(2000)).toBe(true);
    expect(count).toBe(1000);
  });

  test('refuses the past and fractions of a microsecond', async () => {
    const kernel = new Kernel();
    await kernel.runUntil(100);
    expect(() => kernel.at(99, () => undefined)).toThrow(/cannot be scheduled/);
    expect(() => kernel.at(100.5, () => undefined)).toThrow(/cannot be scheduled/);
  });
});
