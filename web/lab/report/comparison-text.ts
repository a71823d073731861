/** One comparison as a sentence that says what the tests show and no more. */
import type { Cell } from '../experiment/experiment.ts';
import type { Metric } from '../measure/metrics.ts';
import { cellPhrase, comparedBy } from './cell-words.ts';
import { metricName } from './metric-words.ts';
import { numberText, pText, unitText, withInterval } from './number-text.ts';
import type { Comparison, Report } from './report-port.ts';

export function comparisonText(report: Pick<Report, 'experiment' | 'varying' | 'cells'>, metric: Metric, comparison: Comparison): string {
  const { own, shared } = comparedBy(report);
  const cell = report.cells[comparison.cell]!;
  const subject = cellPhrase(cell, [...own, ...shared]);
  const baseline = cellPhrase(report.cells[comparison.baseline]!, own);
  return sentence(metric, comparison, subject, baseline);
}

/** Of an overhead, which is against E whatever the experiment's baseline. */
export function againstEText(report: Pick<Report, 'varying' | 'cells'>, metric: Metric, comparison: Comparison): string {
  const others = report.varying.filter((name) => name !== 'strategy');
  const cell: Cell = report.cells[comparison.cell]!;
  return sentence(metric, comparison, cellPhrase(cell, ['strategy', ...others]), 'strategy E');
}

function sentence(metric: Metric, comparison: Comparison, subject: string, baseline: string): string {
  return `${metricName(metric)}: ${finding(metric, comparison, subject, baseline)}`;
}

function finding({ unit }: Metric, comparison: Comparison, subject: string, baseline: string): string {
  const { verdict, difference, differenceInterval, ratio, ratioInterval, pHolm, pairs, note } = comparison;
  if (difference === null) return `${subject} cannot be compared with ${baseline}. ${note}`;
  if (verdict === 'same') return `${subject} and ${baseline} are equal in ${pairs === 1 ? 'the one pair of runs there is' : `all ${pairs} pairs of runs`}.`;
  const amount = `${numberText(Math.abs(difference))}${unitText(unit)} ${difference < 0 ? 'less' : 'more'} than ${baseline}`;
  if (verdict === 'unknown') return `${subject} has ${amount} in the one pair of runs there is, which gives no interval and no test.`;
  if (differenceInterval === null || pHolm === null) return `${subject} has ${amount}, by the same amount in all ${pairs} pairs of runs.`;
  const tested = `${pText(pHolm)}, Holm`;
  const told = withInterval(difference, differenceInterval);
  if (verdict === 'none') {
    return ended(`no difference between ${subject} and ${baseline} was found: ${told.value}${unitText(unit)} (95 % CI ${told.low} to ${told.high}; ${tested})`, note);
  }
  if (ratio !== null && ratioInterval !== null && ratioInterval.low > 0) {
    const times = withInterval(ratio, ratioInterval);
    return ended(`${subject} has ${times.value} times that of ${baseline} (95 % CI ${times.low} to ${times.high}; ${tested})`, note);
  }
  return ended(`${subject} has ${amount} (95 % CI of the difference ${told.low} to ${told.high}; ${tested})`, note);
}

function ended(text: string, note: string): string {
  return note === '' ? `${text}.` : `${text}. ${note}`;
}
