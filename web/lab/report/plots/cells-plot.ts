/** All cells of one metric: every run, its mean and its interval. */
import { metricTitle } from '../metric-words.ts';
import { numberText } from '../number-text.ts';
import type { MetricReport, Report } from '../report-port.ts';
import { roomy } from './curves.ts';
import { furnish, rowMargin, type Draft } from './frame.ts';
import { layoutOf } from './layout.ts';
import { pick, symbols } from './look.ts';

/** Of a row's height: the mean stands above its runs, which spread over a band. */
const MEAN_AT = -0.2;
const RUNS_AT = 0.2;
const RUNS_SPREAD = 0.2;

export function cellsPlot(draft: Draft, report: Report, { metric, cells }: MetricReport): SVGSVGElement {
  const { plot, colours, look } = draft;
  const layout = layoutOf(report, look.widthPx);
  const { marginLeft, wrapped } = rowMargin(layout.series, look.widthPx);
  const rowPx = Math.max(report.cells.length > 12 ? 22 : 30, ...wrapped.map((text) => text.split('\n').length * 16));
  const told = cells.filter(({ n }) => n > 0).map((statistics) => {
    const { series, column, panel } = layout.placeOf(report.cells[statistics.cell]!);
    return { ...statistics, fx: column, fy: panel, row: series, colour: pick(colours.series, series), symbol: pick(symbols, series) };
  });
  const runs = told.flatMap(({ values, outliers, fx, fy, row, colour }) =>
    values.map((run) => ({ ...run, fx, fy, colour, row: row + RUNS_AT + RUNS_SPREAD * (spreadOf(run.replication) - 0.5), outlier: outliers.includes(run) })),
  );
  const domain = roomy([...runs.map(({ value }) => value), ...told.flatMap(({ interval }) => (interval ? [interval.low, interval.high] : []))]);
  const facets = { fx: 'fx', fy: 'fy' } as const;
  const spread = told.flatMap((each) => (each.interval ? [{ ...each, low: each.interval.low, high: each.interval.high }] : []));
  const rows = wrapped.map((_, at) => at);
  return furnish(draft, {
    panels: layout,
    panelPx: rows.length * rowPx,
    marginLeft,
    xTitle: metricTitle(metric),
    options: {
      x: { domain, grid: false, label: null },
      y: { domain: [rows.length - 0.5, -0.5], label: null, axis: null },
      marks: [
        plot.frame({ stroke: colours.line }),
        plot.gridX({ stroke: colours.line, strokeOpacity: 1, ticks: ticksFor(look.widthPx, layout.columns.length, marginLeft) }),
        plot.axisX({ label: null, ticks: ticksFor(look.widthPx, layout.columns.length, marginLeft), tickFormat: tickText(domain), anchor: 'bottom', tickSize: 4, facetAnchor: 'bottom' }),
        plot.axisY(rows, { label: null, tickFormat: (row: number) => wrapped[row] ?? '', tickSize: 0, anchor: 'left', facetAnchor: 'left', lineHeight: 1.15 }),
        plot.dot(runs.filter(({ outlier }) => !outlier), { ...facets, x: 'value', y: 'row', r: 2, fill: 'colour', fillOpacity: 0.35 }),
        plot.dot(runs.filter(({ outlier }) => outlier), { ...facets, x: 'value', y: 'row', r: 3.2, stroke: 'colour', strokeWidth: 1.2 }),
        plot.ruleY(spread, { ...facets, x1: 'low', x2: 'high', y: (each: { row: number }) => each.row + MEAN_AT, stroke: 'colour', strokeWidth: 2 }),
        plot.dot(told, { ...facets, x: 'mean', y: (each) => each.row + MEAN_AT, symbol: 'symbol', r: 4.2, fill: 'colour', stroke: colours.ground, strokeWidth: 0.8 }),
      ],
    },
  });
}

/** From 0 to 1 and far from that of its neighbours: dots of equal values lie side by side, in every drawing alike. */
function spreadOf(replication: number): number {
  return ((replication + 1) * 0.618034) % 1;
}

export function ticksFor(widthPx: number, columns: number, marginLeft: number): number {
  return Math.max(2, Math.min(8, Math.floor((widthPx - marginLeft) / columns / 75)));
}

/** As many digits as tell neighbouring ticks apart. */
export function tickText([low, high]: readonly [number, number]): (value: number) => string {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const digits = Math.min(12, Math.max(3, Math.ceil(Math.log10(size / (high - low))) + 3));
  return (value) => numberText(value, digits);
}
