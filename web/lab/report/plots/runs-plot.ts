/** The empirical distribution of the runs of each cell. */
import { metricTitle } from '../metric-words.ts';
import type { MetricReport, Report } from '../report-port.ts';
import { ticksFor, tickText } from './cells-plot.ts';
import { distributionOf, roomy } from './curves.ts';
import { furnish, type Draft } from './frame.ts';
import { layoutOf, seriesTitle } from './layout.ts';
import { lineLegend } from './line-legend.ts';
import { dashes, pick } from './look.ts';

const MARGIN_LEFT = 44;

export function runsPlot(draft: Draft, report: Report, { metric, cells }: MetricReport): SVGSVGElement {
  const { plot, colours, look } = draft;
  const layout = layoutOf(report, look.widthPx);
  const curves = cells.map((statistics) => {
    const { series, column, panel } = layout.placeOf(report.cells[statistics.cell]!);
    return { series, steps: distributionOf(statistics).map((step) => ({ ...step, fx: column, fy: panel })) };
  });
  const domain = roomy(cells.flatMap(({ values }) => values.map(({ value }) => value)));
  const ticks = ticksFor(look.widthPx, layout.columns.length, MARGIN_LEFT);
  return furnish(draft, {
    panels: layout,
    panelPx: layout.panels.length > 4 ? 110 : 190,
    marginLeft: MARGIN_LEFT,
    xTitle: metricTitle(metric),
    yTitle: 'Share of the runs with at most this value',
    legend: lineLegend(draft, layout.series, seriesTitle(report), false),
    options: {
      x: { domain: [...domain], label: null },
      y: { domain: [0, 1], label: null, axis: null },
      marks: [
        plot.frame({ stroke: colours.line }),
        plot.gridX({ stroke: colours.line, strokeOpacity: 1, ticks }),
        plot.gridY({ stroke: colours.line, strokeOpacity: 1, ticks: [0, 0.25, 0.5, 0.75, 1] }),
        plot.axisX({ label: null, ticks, tickFormat: tickText(domain), anchor: 'bottom', tickSize: 4, facetAnchor: 'bottom' }),
        plot.axisY({ label: null, ticks: [0, 0.5, 1], anchor: 'left', facetAnchor: 'left', tickSize: 4 }),
        curves.map(({ series, steps }) =>
          plot.line(steps, { fx: 'fx', fy: 'fy', x: 'value', y: 'share', curve: 'step-after', stroke: pick(colours.series, series), strokeWidth: 1.8, strokeDasharray: pick(dashes, series) }),
        ),
      ],
    },
  });
}
