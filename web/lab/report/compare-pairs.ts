/** One cell against another, pair by pair: before the p-values are adjusted for their number. */
import jStat from 'jstat';
import { fiellerInterval } from './fieller.ts';
import type { Comparison } from './report-port.ts';
import { criticalT, pOfT } from './student-t.ts';
import { wilcoxonP } from './wilcoxon.ts';

/** What is computed from the pairs alone. */
export type PairComparison = Pick<
  Comparison,
  'pairs' | 'difference' | 'differenceInterval' | 'ratio' | 'ratioInterval' | 't' | 'p' | 'wilcoxonP' | 'effectSize' | 'note'
> & {
  /** Whether and how the differences spread: where they do not, there is nothing to test. */
  spread: 'nothing' | 'one pair' | 'equal' | 'constant' | 'varied';
};

/** Of the larger value: what differs by less was added up in another order, and no more. */
const ROUNDING = 1e-12;

/**
 * Mean difference with Student's interval and paired t-test, ratio of the means with Fieller's interval, Wilcoxon's
 * signed-rank test, and Cohen's d_z (D. Lakens, Calculating and reporting effect sizes to facilitate cumulative science,
 * Frontiers in Psychology 4, 2013, 863). Pairs share their seeds, so their differences spread less than the runs do.
 * @param values of the cell, pair by pair with `baseline`
 */
export function comparePairs(values: readonly number[], baseline: readonly number[]): PairComparison {
  const pairs = values.length;
  const untested = { differenceInterval: null, ratioInterval: null, t: null, p: null, wilcoxonP: null, effectSize: null };
  if (pairs === 0) {
    return { pairs, ...untested, difference: null, ratio: null, spread: 'nothing', note: 'No replication has this number in both cells.' };
  }
  const rounding = ROUNDING * [...values, ...baseline].reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const differences = values.map((value, at) => (Math.abs(value - baseline[at]!) <= rounding ? 0 : value - baseline[at]!));
  const difference = jStat.mean(differences);
  const below = jStat.mean(baseline);
  const ratio = below === 0 ? null : jStat.mean(values) / below;
  const zero = ratio === null ? 'The baseline is zero, so there is no ratio.' : '';
  if (differences.every((each) => each === 0)) {
    const runs = pairs === 1 ? 'the one pair' : `all ${pairs} pairs`;
    return { pairs, ...untested, difference: 0, ratio: ratio === null ? null : 1, spread: 'equal', note: note(`Equal in ${runs}.`, zero) };
  }
  if (pairs === 1) {
    return { pairs, ...untested, difference, ratio, spread: 'one pair', note: note('One pair gives no interval and no test.', zero) };
  }
  const deviation = jStat.stdev(differences, true);
  const ratioInterval = ratio === null ? null : fiellerInterval(values, baseline);
  const unbounded = ratio !== null && ratioInterval === null ? 'The baseline cannot be told from zero, so the ratio has no bounded interval.' : '';
  if (deviation <= rounding) {
    const constant = `The difference is the same in all ${pairs} pairs, so there is no spread to test it against.`;
    return { pairs, ...untested, difference, ratio, spread: 'constant', note: note(constant, zero) };
  }
  const error = deviation / Math.sqrt(pairs);
  const half = criticalT(pairs - 1) * error;
  const t = difference / error;
  return {
    ...{ pairs, difference, ratio, ratioInterval, t },
    differenceInterval: { low: difference - half, high: difference + half },
    p: pOfT(t, pairs - 1),
    wilcoxonP: wilcoxonP(differences),
    effectSize: difference / deviation,
    spread: 'varied',
    note: note(zero, unbounded),
  };
}

function note(...sentences: string[]): string {
  return sentences.filter((each) => each !== '').join(' ');
}
