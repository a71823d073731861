/**
 * What a report on an experiment holds. All numbers are finite; what cannot be computed is null, and a sentence says why.
 *
 * Functions on it, each in the file of its name:
 * - `buildReport(experiment, results, metrics)` in `build-report.ts`: the numbers, pure
 * - `sandboxOverhead(report)` in `sandbox-overhead.ts`: each strategy against E
 * - `summarise(report)` in `summary.ts`: plain sentences
 * - `longCsv`, `wideCsv`, `summaryCsv`, `overheadCsv` in `csv.ts`, `latexTables`, `latexTable` in `latex.ts`: text
 * - `plotsOf(report)` in `plot-list.ts`: which plots there are, without drawing any
 * - `drawPlot(report, id, look)` in `plots/draw-plot.ts`: loads Observable Plot when it is first called; needs a document
 * - `plotSvgText(report, id)`, `plotPng(report, id)` in `plots/export-plot.ts`: self-contained files, light on white
 */
import type { Cell, Experiment, FactorName } from '../experiment/experiment.ts';
import type { Metric } from '../measure/metrics.ts';

/** By metric id, in the order they are shown. */
export type MetricCatalogue = Readonly<Record<string, Metric>>;

/** Both ends included; of 95 % confidence unless said otherwise. */
export interface Interval {
  low: number;
  high: number;
}

export interface RunValue {
  replication: number;
  seed: number;
  value: number;
}

/** One metric over the runs of one cell. Null throughout where no run has such a number. */
export interface CellStatistics {
  /** Index of the cell. */
  cell: number;
  /** Runs with a number. */
  n: number;
  /** Runs asked for that are not there, or have no such number. */
  missing: number;
  values: readonly RunValue[];
  mean: number | null;
  /** Of the sample (n - 1); null for n < 2. */
  deviation: number | null;
  /** Student's t-interval of the mean; null for n < 2. */
  interval: Interval | null;
  min: number | null;
  q1: number | null;
  median: number | null;
  q3: number | null;
  max: number | null;
  /** Beyond Tukey's fences, 1.5 interquartile ranges from the quartiles. They are counted in everything above. */
  outliers: readonly RunValue[];
  /** Why something is null, a sentence; empty when nothing is. */
  note: string;
}

/**
 * `less`, `more`: a difference was found, the cell has less or more than its baseline. `none`: none was found, which
 * does not say that there is none. `same`: equal in every pair. `unknown`: could not be tested, `note` says why.
 */
export type Verdict = 'less' | 'more' | 'none' | 'same' | 'unknown';

/** One cell against its baseline, replication by replication: both ran with the same seeds. */
export interface Comparison {
  cell: number;
  baseline: number;
  /** Replications that both have. */
  pairs: number;
  /** Cell minus baseline. */
  difference: number | null;
  differenceInterval: Interval | null;
  /** Mean of the cell over mean of the baseline, null where the baseline's is zero; interval by Fieller's theorem. */
  ratio: number | null;
  ratioInterval: Interval | null;
  /** Paired t-test, two-sided. */
  t: number | null;
  p: number | null;
  /** Adjusted by Holm over all comparisons of this metric. */
  pHolm: number | null;
  /** Wilcoxon's signed-rank test, two-sided, and adjusted by Holm likewise. */
  wilcoxonP: number | null;
  wilcoxonPHolm: number | null;
  /** Mean of the differences over their standard deviation (Cohen's d_z); null where that is zero. */
  effectSize: number | null;
  verdict: Verdict;
  note: string;
}

export interface MetricReport {
  id: string;
  metric: Metric;
  /** One for each cell, in the order of the matrix. */
  cells: readonly CellStatistics[];
  /** Of every cell that has a baseline other than itself. */
  comparisons: readonly Comparison[];
}

export interface Report {
  experiment: Experiment;
  cells: readonly Cell[];
  /** Factors with more than one level. */
  varying: readonly FactorName[];
  /** Metrics of which at least one run has a number. */
  metrics: readonly MetricReport[];
  /** Runs done and asked for. */
  runs: { done: number; asked: number };
  /** Why cells are not compared, a sentence; empty when they are. */
  baselineNote: string;
}

/** One strategy against E, all else equal. */
export interface Overhead {
  metric: string;
  comparison: Comparison;
}

export interface Sentence {
  /** The metric it is about; null when it is about the whole. */
  metric: string | null;
  text: string;
}

/** A plot that can be drawn of a report. */
export interface PlotEntry {
  id: string;
  /** What kind of picture it is: for grouping. */
  kind: 'cells' | 'runs' | 'factor' | 'hops' | 'energy' | 'overhead';
  title: string;
  /** For screen readers and captions: what is drawn and how to read it. */
  description: string;
}

export interface PlotLook {
  /** `page` follows the page's colour scheme by CSS; `print` is dark on white, literal colours. */
  theme: 'page' | 'print';
  widthPx: number;
}
