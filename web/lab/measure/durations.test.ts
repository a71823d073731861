import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Durations } from './durations.ts';

describe('durations: a wrong percentile would be printed in a paper', () => {
  const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: -5_000_000, max: 2 ** 45 })), { minLength: 1, maxLength: 3000 });

  it('has the nearest rank of all values, however many and however long', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, rank) => {
        const durations = new Durations();
        for (const value of values) durations.add(value);
        const [quantile] = durations.quantilesMs([rank]);
        const us = quantile! * 1000;
        const slack = 1e-9 * Math.abs(us) + 1e-6;
        const atMost = values.filter((value) => value <= us + slack).length;
        const below = values.filter((value) => value < us - slack).length;
        expect(values.some((value) => Math.abs(value - us) <= slack)).toBe(true);
        expect(atMost).toBeGreaterThanOrEqual(Math.max(1, Math.ceil(rank * values.length)));
        expect(below).toBeLessThan(Math.max(1, Math.ceil(rank * values.length)));
        expect(durations.meanMs()).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length / 1000, 6);
      }),
    );
  });

  it('goes on after it was asked, and begins anew when it is cleared', () => {
    const durations = new Durations();
    durations.add(3000);
    durations.add(1000);
    expect(durations.quantilesMs([0.5, 1])).toEqual([1, 3]);
    durations.add(2000);
    expect(durations.quantilesMs([0.5])).toEqual([2]);
    durations.clear();
    expect(durations.count).toBe(0);
    expect(durations.meanMs()).toBeNaN();
    expect(durations.quantilesMs([0.5])).toEqual([NaN]);
  });
});
