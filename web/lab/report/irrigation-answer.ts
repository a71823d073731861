/** Does the placement change the irrigation? */
import type { Cell } from '../experiment/experiment.ts';
import { baselinesOf, compareCells } from './compare-cells.ts';
import { cellPhrase } from './cell-words.ts';
import { metricName } from './metric-words.ts';
import { numberText, pText, unitText, withInterval } from './number-text.ts';
import type { Comparison, MetricReport, Report } from './report-port.ts';

const waterMetrics = ['water.irrigationMm', 'water.belowThresholdShare'];
const question = 'Does the placement change the irrigation?';

/** Strategies are compared with E, or where there is none with the first. */
export function irrigationAnswer(report: Pick<Report, 'cells' | 'metrics' | 'varying' | 'experiment'>): string {
  const { strategy } = report.experiment.factors;
  if (report.experiment.live) return `${question} Live runs share neither weather nor soil, so the experiment cannot tell.`;
  if (strategy.length === 1) return `${question} The experiment has one strategy, so it cannot tell.`;
  const baseline = strategy.includes('E') ? 'E' : strategy[0]!;
  const baselines = baselinesOf(report.cells, { strategy: baseline });
  const told = waterMetrics.flatMap((id) => report.metrics.filter((metric) => metric.id === id));
  const findings = told.map((metric) => ({ metric, comparisons: compareCells(metric.cells, baselines) }));
  const all = findings.flatMap(({ comparisons }) => comparisons).filter(({ pairs }) => pairs > 0);
  if (all.length === 0) return `${question} No pair of runs has water to compare, so the experiment cannot tell.`;
  const tested = all.filter(({ verdict }) => verdict !== 'unknown');
  if (tested.length === 0) return `${question} One pair of runs gives no test, so the experiment cannot tell.`;
  const lead = leadOf(tested);
  const parts = findings.flatMap(({ metric, comparisons }) => part(metric, comparisons, report, baseline));
  return `${question} ${lead} ${parts.join(' ')}`;
}

function leadOf(tested: readonly Comparison[]): string {
  if (tested.every(({ verdict }) => verdict === 'same')) return 'No, not in these runs.';
  const changed = tested.filter(({ verdict }) => verdict === 'less' || verdict === 'more');
  // Pairs of equal seeds show differences that no field would notice, so their size belongs to the answer.
  if (changed.length > 0) {
    const largest = changed.reduce((most, { ratio }) => Math.max(most, ratio === null ? Infinity : Math.abs(ratio - 1)), 0);
    return Number.isFinite(largest) ? `Yes, in these runs; the largest mean difference is ${numberText(largest * 100, 2)} %.` : 'Yes, in these runs.';
  }
  return 'No difference was found, which does not say that there is none.';
}

function part({ metric }: MetricReport, comparisons: readonly Comparison[], { cells, varying }: Pick<Report, 'cells' | 'varying'>, baseline: string): string[] {
  const tested = comparisons.filter(({ verdict }) => verdict !== 'unknown');
  if (tested.length === 0) return [];
  const changed = tested.filter(({ verdict }) => verdict === 'less' || verdict === 'more');
  if (tested.every(({ verdict }) => verdict === 'same')) return [`${metricName(metric)}: equal to that of strategy ${baseline} in every pair of runs (${counted(tested.length)}).`];
  const unit = unitText(metric.unit);
  if (changed.length === 0) {
    const intervals = tested.flatMap(({ differenceInterval }) => (differenceInterval ? [differenceInterval] : []));
    const low = numberText(Math.min(...intervals.map((interval) => interval.low)), 2);
    const high = numberText(Math.max(...intervals.map((interval) => interval.high)), 2);
    return [`${metricName(metric)}: no difference from strategy ${baseline} was found (${counted(tested.length)}); the 95 % intervals of the differences lie within ${low} and ${high}${unit}.`];
  }
  const widest = changed.reduce((a, b) => (Math.abs(b.difference!) > Math.abs(a.difference!) ? b : a));
  const cell: Cell = cells[widest.cell]!;
  const subject = cellPhrase(cell, ['strategy', ...varying.filter((name) => name !== 'strategy')]);
  return [`${metricName(metric)}: other than with strategy ${baseline} in ${changed.length} of ${counted(tested.length)}, at most with ${subject}, by ${amount(widest, unit)}.`];
}

function amount({ difference, differenceInterval, pHolm, pairs }: Comparison, unit: string): string {
  if (differenceInterval === null || pHolm === null) return `${numberText(difference!)}${unit} in all ${pairs} pairs of runs`;
  const { value, low, high } = withInterval(difference!, differenceInterval);
  return `${value}${unit} (95 % CI ${low} to ${high}; ${pText(pHolm)}, Holm)`;
}

function counted(comparisons: number): string {
  return comparisons === 1 ? 'one comparison' : `${comparisons} comparisons`;
}
