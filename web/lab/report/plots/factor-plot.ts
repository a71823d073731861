/** A metric over a factor that is a number: a line for each strategy, with its band of confidence. */
import { factorTitles } from '../cell-words.ts';
import { metricTitle } from '../metric-words.ts';
import { numberText } from '../number-text.ts';
import type { axisFactors } from '../plot-list.ts';
import type { MetricReport, Report } from '../report-port.ts';
import { tickText } from './cells-plot.ts';
import { growsByFactors, roomy } from './curves.ts';
import { furnish, type Draft } from './frame.ts';
import { layoutOf, seriesTitle } from './layout.ts';
import { lineLegend } from './line-legend.ts';
import { dashes, pick, symbols, textWidth } from './look.ts';

export function factorPlot(draft: Draft, report: Report, { metric, cells }: MetricReport, factor: (typeof axisFactors)[number]): SVGSVGElement {
  const { plot, colours, look } = draft;
  const layout = layoutOf(report, look.widthPx, factor);
  const points = cells
    .flatMap((statistics) => {
      const cell = report.cells[statistics.cell]!;
      const { series, column, panel } = layout.placeOf(cell);
      const { mean, interval } = statistics;
      return mean === null ? [] : [{ series, fx: column, fy: panel, level: cell[factor], mean, low: interval?.low ?? mean, high: interval?.high ?? mean }];
    })
    .sort((a, b) => a.level - b.level);
  const levels = [...report.experiment.factors[factor]].sort((a, b) => a - b);
  const domain = roomy(points.flatMap(({ low, high }) => [low, high]));
  const yText = tickText(domain);
  const marginLeft = Math.max(44, ...domain.map((end) => textWidth(yText(end)) + 14));
  const lines = layout.series.map((_, at) => points.filter(({ series }) => series === at));
  const facets = { fx: 'fx', fy: 'fy' } as const;
  return furnish(draft, {
    panels: layout,
    panelPx: layout.panels.length > 4 ? 130 : 220,
    marginLeft,
    xTitle: factorTitles[factor],
    yTitle: metricTitle(metric),
    legend: lineLegend(draft, layout.series, seriesTitle(report, factor), true),
    options: {
      x: { type: growsByFactors(levels) ? 'log' : 'linear', domain: [levels[0]!, levels.at(-1)!], inset: 14, label: null },
      y: { domain: [...domain], label: null, axis: null },
      marks: [
        plot.frame({ stroke: colours.line }),
        plot.gridY({ stroke: colours.line, strokeOpacity: 1, ticks: 5 }),
        plot.axisX(levels, { label: null, text: (level: number) => numberText(level, 6), anchor: 'bottom', facetAnchor: 'bottom', tickSize: 4 }),
        plot.axisY({ label: null, ticks: 5, tickFormat: yText, anchor: 'left', facetAnchor: 'left', tickSize: 4 }),
        lines.map((line, at) => [
          plot.areaY(line, { ...facets, x: 'level', y1: 'low', y2: 'high', fill: pick(colours.series, at), fillOpacity: 0.14 }),
          plot.line(line, { ...facets, x: 'level', y: 'mean', stroke: pick(colours.series, at), strokeWidth: 1.8, strokeDasharray: pick(dashes, at) }),
          plot.dot(line, { ...facets, x: 'level', y: 'mean', symbol: pick(symbols, at), fill: pick(colours.series, at), stroke: colours.ground, strokeWidth: 0.8, r: 4.2 }),
        ]),
      ],
    },
  });
}
