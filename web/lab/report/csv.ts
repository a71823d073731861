/** Results as CSV by RFC 4180: numbers unrounded with a decimal point, an empty field where there is none. */
import { factorNames } from '../experiment/experiment.ts';
import { sandboxOverhead } from './sandbox-overhead.ts';
import type { Comparison, Report } from './report-port.ts';

type Field = string | number | null;

/** One row for each run and metric. */
export function longCsv({ cells, metrics }: Report): string {
  const rows = metrics.flatMap(({ id, metric, cells: statistics }) =>
    statistics.flatMap(({ cell, values }) => {
      const levels = factorNames.map((name) => cells[cell]![name]);
      return values.map(({ replication, seed, value }) => [cell, ...levels, replication, seed, id, metric.unit, value]);
    }),
  );
  return csv([['cell', ...factorNames, 'replication', 'seed', 'metric', 'unit', 'value'], ...rows]);
}

/** One row for each cell and metric: its statistics, and its comparison with the baseline. */
export function summaryCsv({ cells, metrics }: Report): string {
  const header = [
    ...['cell', ...factorNames, 'metric', 'label', 'unit', 'n', 'missing', 'mean', 'standard_deviation', 'mean_ci95_low', 'mean_ci95_high'],
    ...['min', 'q1', 'median', 'q3', 'max', 'outliers', ...comparisonHeader, 'note'],
  ];
  const rows = metrics.flatMap(({ id, metric, cells: statistics, comparisons }) =>
    statistics.map((each): Field[] => {
      const compared = comparisons.find(({ cell }) => cell === each.cell);
      return [
        ...[each.cell, ...factorNames.map((name) => cells[each.cell]![name]), id, metric.label, metric.unit, each.n, each.missing, each.mean, each.deviation],
        ...[each.interval?.low ?? null, each.interval?.high ?? null, each.min, each.q1, each.median, each.q3, each.max, each.outliers.length],
        ...comparisonFields(compared),
        [each.note, compared?.note ?? ''].filter((note) => note !== '').join(' '),
      ];
    }),
  );
  return csv([header, ...rows]);
}

/** Wide: one row for each cell, mean and ends of its 95 % interval of every metric in columns. */
export function wideCsv({ cells, metrics }: Report): string {
  const header = ['cell', ...factorNames, ...metrics.flatMap(({ id }) => [id, `${id}.ci95_low`, `${id}.ci95_high`])];
  const rows = cells.map((cell, at): Field[] => [
    cell.index,
    ...factorNames.map((name) => cell[name]),
    ...metrics.flatMap(({ cells: statistics }): Field[] => {
      const { mean, interval } = statistics[at]!;
      return [mean, interval?.low ?? null, interval?.high ?? null];
    }),
  ]);
  return csv([header, ...rows]);
}

/** One row for each strategy and cell against E. */
export function overheadCsv(report: Report): string {
  const rows = sandboxOverhead(report).map(({ metric, comparison }): Field[] => [
    comparison.cell,
    ...factorNames.map((name) => report.cells[comparison.cell]![name]),
    metric,
    ...comparisonFields(comparison),
    comparison.note,
  ]);
  return csv([['cell', ...factorNames, 'metric', ...comparisonHeader, 'note'], ...rows]);
}

const comparisonHeader = [
  ...['baseline_cell', 'pairs', 'difference', 'difference_ci95_low', 'difference_ci95_high', 'ratio', 'ratio_ci95_low', 'ratio_ci95_high'],
  ...['t', 'p', 'p_holm', 'wilcoxon_p', 'wilcoxon_p_holm', 'cohens_dz', 'verdict'],
];

function comparisonFields(of: Comparison | undefined): Field[] {
  if (!of) return comparisonHeader.map(() => null);
  const { differenceInterval: difference, ratioInterval: ratio } = of;
  return [
    ...[of.baseline, of.pairs, of.difference, difference?.low ?? null, difference?.high ?? null, of.ratio, ratio?.low ?? null, ratio?.high ?? null],
    ...[of.t, of.p, of.pHolm, of.wilcoxonP, of.wilcoxonPHolm, of.effectSize, of.verdict],
  ];
}

function csv(rows: readonly (readonly Field[])[]): string {
  return rows.map((row) => `${row.map(fieldText).join(',')}\r\n`).join('');
}

function fieldText(field: Field): string {
  if (field === null) return '';
  if (typeof field === 'number') return `${field}`;
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
