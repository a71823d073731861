/** Every batch as a dot, outliers as crosses; the median and its interval beside them. Loaded when there is something to draw. */
import * as Plot from '@observablehq/plot';
import type { TimeSeries } from '../../../lab/compare/compare-port.ts';

export interface PlottedSeries {
  /** Of its row: `Wasmer, B`. */
  row: string;
  side: 'a' | 'b' | 'none';
  series: TimeSeries;
}

interface Dot {
  row: string;
  side: PlottedSeries['side'];
  us: number;
  /** Where in the row's height, so that equal times do not hide each other. */
  place: number;
  outlier: boolean;
}

const colours = { a: 'var(--side-a)', b: 'var(--side-b)', none: 'var(--ink-2)' } as const;
const rowPx = 34;

/** Of one quantity. Its figures stand in the table, so readers of screens need no more than the label. */
export function timePlot(plotted: readonly PlottedSeries[], label: string, widthPx: number): Element {
  const dots = plotted.flatMap(({ row, side, series }) => dotsOf(row, side, series));
  const rows = plotted.map(({ row }) => row);
  const narrow = widthPx < 520;
  const spread = Math.max(...dots.map(({ us }) => us)) / Math.min(...dots.map(({ us }) => us));
  const medians = plotted.map(({ row, side, series: { summary } }) => ({ row, side, ...summary }));
  const intervals = medians.flatMap((each) => (each.medianInterval ? [{ row: each.row, low: each.medianInterval.low, high: each.medianInterval.high }] : []));
  const plot = Plot.plot({
    width: widthPx,
    height: rows.length * rowPx + 56,
    marginLeft: narrow ? 8 : Math.min(230, 20 + 6.6 * Math.max(...rows.map(({ length }) => length))),
    marginRight: 12,
    marginTop: narrow ? 18 : 8,
    marginBottom: 34,
    ariaLabel: label,
    style: { background: 'none', color: 'var(--ink)', fontFamily: 'var(--font)', fontSize: '11px' },
    // Runtimes lie powers of ten apart; a log scale from equal times would show noise as if it were much.
    x: { type: spread > 4 ? 'log' : 'linear', label: 'microseconds a call', grid: true, tickFormat: (us: number) => (us >= 1 ? `${Number(us.toPrecision(3))}` : us.toPrecision(1)), ticks: narrow ? 4 : 7 },
    fy: { domain: rows, label: null, axis: narrow ? null : 'left', padding: 0.15 },
    y: { domain: [0, 1], axis: null },
    marks: [
      Plot.ruleY([0.5], { stroke: 'var(--line)' }),
      Plot.dot(dots.filter(({ outlier }) => !outlier), { x: 'us', y: 'place', fy: 'row', r: 2.2, fill: ({ side }: Dot) => colours[side], fillOpacity: 0.55 }),
      Plot.dot(dots.filter(({ outlier }) => outlier), { x: 'us', y: 'place', fy: 'row', r: 3, symbol: 'times', stroke: 'var(--bad)', strokeWidth: 1.5 }),
      Plot.ruleY(intervals, { x1: 'low', x2: 'high', y: 0.5, fy: 'row', stroke: 'var(--ink)', strokeWidth: 5, strokeOpacity: 0.45 }),
      Plot.ruleX(medians, { x: 'median', y1: 0.05, y2: 0.95, fy: 'row', stroke: 'var(--ink)', strokeWidth: 2 }),
      ...(narrow ? [Plot.text(rows, { text: (row: string) => row, fy: (row: string) => row, frameAnchor: 'top-left', dy: -6, fill: 'var(--ink)' })] : []),
    ],
  });
  // One picture with one label: Plot names each group of marks as well, where a name is not allowed.
  for (const group of plot.querySelectorAll('g[aria-label]')) group.removeAttribute('aria-label');
  plot.setAttribute('role', 'img');
  return plot;
}

function dotsOf(row: string, side: PlottedSeries['side'], { batchUs, summary }: TimeSeries): Dot[] {
  const outliers = new Set(summary.outliers.map(({ index }) => index));
  // The golden ratio fills a row evenly whatever the number of dots.
  return batchUs.map((us, index) => ({ row, side, us, place: 0.15 + 0.7 * ((index * 0.618034) % 1), outlier: outliers.has(index) }));
}
