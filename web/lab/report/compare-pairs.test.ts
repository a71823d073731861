import { describe, expect, it } from 'vitest';
import { comparePairs } from './compare-pairs.ts';

/** Hours of sleep gained by ten patients under two drugs: Student, The probable error of a mean, Biometrika 6, 1908. */
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

describe('a cell against its baseline', () => {
  it("gives Student's own example its t-test and interval", () => {
    const { difference, differenceInterval, t, p, effectSize } = comparePairs(first, second);
    // R: t.test(extra ~ group, data = sleep, paired = TRUE); scipy 1.17.1 agrees.
    expect(difference).toBeCloseTo(-1.58, 12);
    expect(t).toBeCloseTo(-4.062127683382037, 10);
    expect(p).toBeCloseTo(0.002832890197384273, 9);
    expect(differenceInterval!.low).toBeCloseTo(-2.459885763276983, 6);
    expect(differenceInterval!.high).toBeCloseTo(-0.7001142367230175, 6);
    expect(effectSize).toBeCloseTo(-1.2845575625910546, 10);
  });

  it('bounds the ratio where the paired t-test of a - R b turns', () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const { ratio, ratioInterval } = comparePairs(before, after);
    // scipy 1.17.1: brentq over R on ttest_1samp(before - R after), which is what Fieller's interval is.
    expect(ratio).toBeCloseTo(1.3235661366852574, 12);
    expect(ratioInterval!.low).toBeCloseTo(1.0630982266516034, 6);
    expect(ratioInterval!.high).toBeCloseTo(1.8920307323386303, 6);
  });

  it('has words and no numbers where there is nothing to test', () => {
    expect(comparePairs([], [])).toMatchObject({ pairs: 0, difference: null, spread: 'nothing' });
    expect(comparePairs([3], [2])).toMatchObject({ difference: 1, ratio: 1.5, differenceInterval: null, p: null, spread: 'one pair' });
    expect(comparePairs([2, 3], [2, 3])).toMatchObject({ difference: 0, ratio: 1, p: null, spread: 'equal', note: 'Equal in all 2 pairs.' });
    expect(comparePairs([0.1 + 0.2, 5], [0.3, 5])).toMatchObject({ difference: 0, spread: 'equal' });
    expect(comparePairs([3, 4, 5], [2, 3, 4])).toMatchObject({ difference: 1, p: null, effectSize: null, spread: 'constant' });
    expect(comparePairs([3, 4, 6], [0, 0, 0])).toMatchObject({ ratio: null, ratioInterval: null, spread: 'varied' });
    expect(comparePairs([3, 4, 6], [0.1, -2, 2.2])).toMatchObject({ ratioInterval: null, note: expect.stringContaining('no bounded interval') as string });
  });
});
