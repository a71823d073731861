/** A report in plain sentences, each computed from the numbers and none saying more than the tests do. */
import type { Metric } from '../measure/metrics.ts';
import { againstEText, comparisonText } from './comparison-text.ts';
import { cellPhrase, comparedBy } from './cell-words.ts';
import { groupBy } from './group-by.ts';
import { irrigationAnswer } from './irrigation-answer.ts';
import { metricName } from './metric-words.ts';
import { numberText, pText, unitText, withInterval } from './number-text.ts';
import { sandboxOverhead } from './sandbox-overhead.ts';
import type { Comparison, MetricReport, Report, Sentence } from './report-port.ts';

/** What a reader asks first; everything else is in the tables. */
const headlines = [
  'latency.medianMs',
  'latency.p95Ms',
  'cpu.edge.usPerReading',
  'energy.edge.jPerDay',
  'energy.edge.batteryDays',
  'memory.edge.usedBytes',
  'air.bytesPerNodeDay',
  'wan.bytesPerReading',
  'results.perReading',
  'messages.lostPerThousand',
];

export function summarise(report: Report): Sentence[] {
  const told = headlines.flatMap((id) => report.metrics.filter((metric) => metric.id === id));
  return [
    { metric: null, text: extent(report) },
    ...(report.baselineNote === '' ? [] : [{ metric: null, text: report.baselineNote }]),
    { metric: null, text: irrigationAnswer(report) },
    ...told.flatMap((each) => about(report, each)),
    ...(report.experiment.live ? [] : overheads(report)),
    { metric: null, text: method(report) },
  ];
}

function extent({ cells, runs, experiment }: Report): string {
  const cellWords = cells.length === 1 ? 'one cell' : `${cells.length} cells`;
  const each = experiment.replications === 1 ? 'one run each' : `${experiment.replications} replications each`;
  const rest = runs.done < runs.asked ? `; ${runs.asked - runs.done} of the ${runs.asked} runs are missing, and everything here is computed without them` : '';
  return `${experiment.name}: ${cellWords}, ${each}${rest}.`;
}

/** A sentence for each comparison where they are few, else one for all cells of the same level. */
function about(report: Report, each: MetricReport): Sentence[] {
  const { id, metric, comparisons, cells } = each;
  if (comparisons.length === 0) return cells.length === 1 ? [{ metric: id, text: alone(each) }] : [];
  const { own, shared } = comparedBy(report);
  if (shared.length === 0) return comparisons.map((comparison) => ({ metric: id, text: comparisonText(report, metric, comparison) }));
  const baseline = cellPhrase(report.cells[comparisons[0]!.baseline]!, own);
  const groups = groupBy(comparisons, ({ cell }) => cellPhrase(report.cells[cell]!, own));
  return [{ metric: id, text: grouped(metric, groups, baseline) }];
}

function alone({ metric, cells }: MetricReport): string {
  const { mean, interval, note, n } = cells[0]!;
  if (mean === null) return `${metricName(metric)}: ${note}`;
  if (interval === null) return `${metricName(metric)}: ${numberText(mean)}${unitText(metric.unit)}. ${note}`;
  const told = withInterval(mean, interval);
  return `${metricName(metric)}: ${told.value}${unitText(metric.unit)} (95 % CI ${told.low} to ${told.high}, ${n} runs).`;
}

const outcomes = { more: 'more', less: 'less', same: 'equal in every pair of runs', none: 'no difference found', unknown: 'not testable' } as const;

/** @param groups comparisons of the same levels, by what these are called in a sentence */
function grouped(metric: Metric, groups: ReadonlyMap<string, readonly Comparison[]>, baseline: string): string {
  const alike = groupBy([...groups], ([, members]) => predicate(members, metric.unit));
  const parts = [...alike].map(([told, members]) => `${listed(members.map(([subject]) => subject))}: ${told}`);
  return `${metricName(metric)}, against ${baseline}: ${parts.join('; ')}.`;
}

function predicate(members: readonly Comparison[], unit: string): string {
  const counts = groupBy(members, ({ verdict }) => verdict);
  const [only] = counts.size === 1 ? [...counts.keys()] : [];
  const all = members.length === 1 ? 'one comparison' : `all ${members.length} comparisons`;
  if (only === 'same') return `equal in every pair of runs (${all})`;
  if (only === 'none') return `no difference was found (${all}, ${pWords(members, 'smallest')})`;
  if (only === 'less' || only === 'more') return `${amounts(members, unit)} (${all}, ${pWords(members, 'largest')})`;
  return [...counts].map(([verdict, { length }]) => `${outcomes[verdict]} in ${length} of ${members.length} comparisons`).join(', ');
}

/** `1.02 to 1.05 times as much`, or the differences where a ratio is missing. */
function amounts(members: readonly Comparison[], unit: string): string {
  const ratios = members.flatMap(({ ratio }) => (ratio === null || ratio <= 0 ? [] : [ratio]));
  if (ratios.length === members.length) return `${range(ratios, digitsNear1(ratios))} times as much`;
  const differences = members.map(({ difference }) => Math.abs(difference!));
  return `${range(differences)}${unitText(unit)} ${members[0]!.difference! < 0 ? 'less' : 'more'}`;
}

function pWords(members: readonly Comparison[], which: 'smallest' | 'largest'): string {
  const ps = members.flatMap(({ pHolm }) => (pHolm === null ? [] : [pHolm]));
  if (ps.length === 0) return 'by the same amount in every pair of runs';
  const p = which === 'largest' ? Math.max(...ps) : Math.min(...ps);
  return `${ps.length === 1 ? '' : `${which} `}${pText(p)}, Holm`;
}

/** `strategies A, B and C`, or the phrases as they are. */
function listed(subjects: readonly string[]): string {
  const levels = subjects.map((subject) => /^strategy (\w)$/.exec(subject)?.[1]);
  const names = subjects.length > 1 && levels.every((level) => level !== undefined) ? levels : subjects;
  const text = names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return names === levels ? `strategies ${text}` : text;
}

/** Enough to tell ratios that lie close to 1 from 1. */
function digitsNear1(ratios: readonly number[]): number {
  const closest = Math.min(...ratios.map((ratio) => Math.abs(ratio - 1)).filter((apart) => apart > 0), 1);
  return Math.min(12, Math.max(4, 2 + Math.ceil(-Math.log10(closest))));
}

function range(values: readonly number[], digits = 4): string {
  const [low, high] = [numberText(Math.min(...values), digits), numberText(Math.max(...values), digits)];
  return low === high ? low : `${low} to ${high}`;
}

/** Only where the experiment's own baseline is another than E, whose sentences would be these. */
function overheads(report: Report): Sentence[] {
  if (report.experiment.baseline.strategy === 'E' && Object.keys(report.experiment.baseline).length === 1) return [];
  const told = sandboxOverhead(report);
  const others = report.varying.filter((name) => name !== 'strategy');
  return [...groupBy(told, ({ metric }) => metric)].flatMap(([id, members]): Sentence[] => {
    const metric = report.metrics.find((each) => each.id === id)!.metric;
    if (others.length === 0) return members.map(({ comparison }) => ({ metric: id, text: againstEText(report, metric, comparison) }));
    const comparisons = members.map(({ comparison }) => comparison);
    return [{ metric: id, text: grouped(metric, groupBy(comparisons, ({ cell }) => `strategy ${report.cells[cell]!.strategy}`), 'strategy E') }];
  });
}

function method({ experiment }: Report): string {
  if (experiment.replications === 1) return 'One replication gives neither intervals nor tests: ask for more to tell differences from chance.';
  if (experiment.live) return 'Intervals are 95 % by Student over the replications, which were measured one after the other.';
  return 'Replication r has the same seed in every cell, so cells are compared pair by pair: two-sided paired t-test at 5 %, p adjusted by Holm over all comparisons of one metric; intervals are 95 %, each by itself, those of means and differences by Student, those of ratios by Fieller. That no difference was found does not say that there is none.';
}
