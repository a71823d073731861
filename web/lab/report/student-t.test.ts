import { describe, expect, it } from 'vitest';
import { criticalT, pOfT } from './student-t.ts';

describe("Student's t", () => {
  it('has the quantiles of the tables', () => {
    // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, column 0.975.
    expect(criticalT(1)).toBeCloseTo(12.706, 3);
    expect(criticalT(9)).toBeCloseTo(2.262, 3);
    expect(criticalT(29)).toBeCloseTo(2.045, 3);
    expect(criticalT(100)).toBeCloseTo(1.984, 3);
  });

  it('keeps the digits of p-values far out in the tail', () => {
    // scipy 1.17.1, 2 * stats.t.sf(t, df).
    for (const [t, degrees, p] of [
      [0.3, 4, 0.7791214282774598],
      [2.5, 1, 0.24223788318168682],
      [12, 29, 9.060708333137183e-13],
      [-60, 29, 5.70804335940211e-32],
      [1e6, 1, 6.366197723673691e-7],
    ] as const) {
      expect(pOfT(t, degrees) / p).toBeCloseTo(1, 6);
    }
  });
});
