/** Stacked bars of the cells, with what they come to. */
import { numberText, unitText } from '../number-text.ts';
import type { Report } from '../report-port.ts';
import { ticksFor, tickText } from './cells-plot.ts';
import { furnish, rowMargin, type Draft } from './frame.ts';
import { layoutOf } from './layout.ts';
import { textWidth } from './look.ts';
import { patternSet } from './patterns.ts';
import type { Stacks } from './stacks.ts';

export function stackPlot(draft: Draft, report: Report, { names, parts, totals, label, unit }: Stacks): SVGSVGElement {
  const { plot, colours, look } = draft;
  const layout = layoutOf(report, look.widthPx);
  const { marginLeft, wrapped } = rowMargin(layout.series, look.widthPx);
  const rowPx = Math.max(report.cells.length > 12 ? 20 : 26, ...wrapped.map((text) => text.split('\n').length * 16));
  const patterns = patternSet(colours, look.theme === 'print');
  const places = report.cells.map((cell) => {
    const { series, column, panel } = layout.placeOf(cell);
    return { fx: column, fy: panel, row: series };
  });
  const bars = parts.map(({ cell, part, from, to }) => ({ ...places[cell]!, from, to, top: places[cell]!.row - 0.34, bottom: places[cell]!.row + 0.34, fill: patterns.fill(part) }));
  const sums = totals.flatMap((total, cell) => (total === null ? [] : [{ ...places[cell]!, total, text: numberText(total, 4) }]));
  const largest = sums.reduce((most, { total }) => Math.max(most, total), 0);
  // The totals stand behind their bars, inside the panel.
  const inner = (look.widthPx - marginLeft - 30) / layout.columns.length - 12;
  const room = inner / Math.max(inner * 0.4, inner - 8 - Math.max(0, ...sums.map(({ text }) => textWidth(text))));
  const domain = [0, largest * room || 1] as const;
  const facets = { fx: 'fx', fy: 'fy' } as const;
  const rows = wrapped.map((_, at) => at);
  const ticks = ticksFor(look.widthPx, layout.columns.length, marginLeft);
  const svg = furnish(draft, {
    panels: layout,
    panelPx: rows.length * rowPx,
    marginLeft,
    xTitle: `${label} (${unitText(unit).trim()})`,
    legend: patterns.legend(names),
    options: {
      x: { domain: [...domain], label: null },
      y: { domain: [rows.length - 0.5, -0.5], label: null, axis: null },
      marks: [
        plot.frame({ stroke: colours.line }),
        plot.gridX({ stroke: colours.line, strokeOpacity: 1, ticks }),
        plot.axisX({ label: null, ticks, tickFormat: tickText(domain), anchor: 'bottom', tickSize: 4, facetAnchor: 'bottom' }),
        plot.axisY(rows, { label: null, tickFormat: (row: number) => wrapped[row] ?? '', tickSize: 0, anchor: 'left', facetAnchor: 'left', lineHeight: 1.15 }),
        plot.rect(bars, { ...facets, x1: 'from', x2: 'to', y1: 'top', y2: 'bottom', fill: 'fill', stroke: colours.ground, strokeWidth: 0.6 }),
        plot.text(sums, { ...facets, x: 'total', y: 'row', text: 'text', textAnchor: 'start', dx: 5, fill: colours.ink }),
      ],
    },
  });
  patterns.define(svg, names.length);
  return svg;
}
