import { describe, expect, it } from 'vitest';
import { holm } from './holm.ts';

describe('Holm', () => {
  it('adjusts as R does', () => {
    // p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), 'holm') in R's stats.
    holm([0.01, 0.02, 0.03, 0.04, 0.05]).forEach((p, at) => expect(p).toBeCloseTo([0.05, 0.08, 0.09, 0.09, 0.09][at]!, 12));
  });

  it('keeps the order of the tests and never exceeds 1', () => {
    const adjusted = holm([0.9, 0.001, 0.6]);
    expect(adjusted).toEqual([1, 0.003, 1]);
    expect(holm([])).toEqual([]);
  });
});
