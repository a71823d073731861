/** Ratios to strategy E: what the sandbox costs. */
import type { FactorName } from '../../experiment/experiment.ts';
import { cellText, levelText } from '../cell-words.ts';
import { metricName } from '../metric-words.ts';
import { numberText, withInterval } from '../number-text.ts';
import type { Interval, Report } from '../report-port.ts';
import { sandboxOverhead } from '../sandbox-overhead.ts';
import { ticksFor } from './cells-plot.ts';
import { growsByFactors, roomy } from './curves.ts';
import { furnish, rowMargin, type Draft } from './frame.ts';
import { pick, symbols, textWidth } from './look.ts';

const TWO_COLUMNS_PX = 560;

export function overheadPlot(draft: Draft, report: Report): SVGSVGElement {
  const { plot, colours, look } = draft;
  const { cells, varying, metrics } = report;
  const others = varying.filter((name) => name !== 'strategy');
  const levels = (name: FactorName) => [...new Set(cells.map((cell) => levelText(name, cell)))];
  const column = look.widthPx < TWO_COLUMNS_PX ? null : (others.find((name) => levels(name).length <= 3) ?? null);
  const inRow: FactorName[] = ['strategy', ...others.filter((name) => name !== column)];
  const strategies = report.experiment.factors.strategy;
  const points = sandboxOverhead(report).flatMap(({ metric, comparison: { cell: index, ratio, ratioInterval } }) => {
    if (ratio === null || ratio <= 0) return [];
    const cell = cells[index]!;
    const interval = ratioInterval !== null && ratioInterval.low > 0 ? ratioInterval : null;
    const at = strategies.indexOf(cell.strategy);
    return [
      {
        fx: column === null ? '' : levelText(column, cell),
        fy: metricName(metrics.find(({ id }) => id === metric)!.metric),
        row: cellText(cell, inRow),
        colour: pick(colours.series, at),
        symbol: pick(symbols, at),
        ratio,
        low: interval?.low ?? ratio,
        high: interval?.high ?? ratio,
        text: ratioText(ratio, interval),
        short: interval === null || interval.low === interval.high ? numberText(ratio, 4) : withInterval(ratio, interval).value,
      },
    ];
  });
  const names = [...new Set(points.map(({ row }) => row))];
  const { marginLeft, wrapped } = rowMargin(names, look.widthPx);
  const columns = column === null ? [''] : levels(column);
  const ends = [1, ...points.flatMap(({ low, high }) => [low, high])];
  const log = growsByFactors(ends);
  const inner = (look.widthPx - marginLeft - 30) / columns.length - 12;
  // The numbers stand behind their dots, inside the panel, where there is room for them.
  const room = (texts: readonly string[]) => Math.max(0, ...texts.map(textWidth)) + 16;
  const told = (['text', 'short'] as const).find((which) => inner > 2.2 * room(points.map((point) => point[which]))) ?? null;
  const tight = log ? ([Math.min(...ends) / 1.25, Math.max(...ends) * 1.25] as const) : roomy(ends);
  const times = points.map((point) => (told === null ? 1 : (shareOf(point.high, tight, log) * inner) / (inner - room([point[told]]))));
  const domain = widened(tight, Math.max(1, ...times), log);
  const placed = points.map((point) => ({ ...point, row: names.indexOf(point.row) }));
  const facets = { fx: 'fx', fy: 'fy' } as const;
  const rows = names.map((_, at) => at);
  const rowPx = Math.max(names.length > 12 ? 16 : 19, ...wrapped.map((text) => text.split('\n').length * 15));
  const ticks = log ? powersWithin(domain) : ticksFor(look.widthPx, columns.length, marginLeft);
  const tickLabel = (value: number) => numberText(value, 3);
  const axis = { label: null, anchor: 'bottom', facetAnchor: 'bottom', tickSize: 4 } as const;
  return furnish(draft, {
    panels: { columns, panels: [...new Set(points.map(({ fy }) => fy))] },
    panelPx: rows.length * rowPx + 6,
    marginLeft,
    xTitle: `Ratio to strategy E (E = 1${log ? ', logarithmic' : ''})`,
    options: {
      x: { type: log ? 'log' : 'linear', domain: [...domain], label: null },
      y: { domain: [rows.length - 0.5, -0.5], label: null, axis: null },
      marks: [
        plot.frame({ stroke: colours.line }),
        plot.gridX({ stroke: colours.line, strokeOpacity: 1, ticks }),
        plot.ruleX([1], { stroke: colours.ink, strokeWidth: 1.2, strokeDasharray: '4 3' }),
        // On a logarithmic axis Plot drops labels that a `tickFormat` gives.
        log ? plot.axisX(powersWithin(domain), { ...axis, text: tickLabel }) : plot.axisX({ ...axis, ticks, tickFormat: tickLabel }),
        plot.axisY(rows, { label: null, tickFormat: (row: number) => wrapped[row] ?? '', tickSize: 0, anchor: 'left', facetAnchor: 'left', lineHeight: 1.15 }),
        plot.ruleY(placed, { ...facets, x1: 'low', x2: 'high', y: 'row', stroke: 'colour', strokeWidth: 2 }),
        plot.dot(placed, { ...facets, x: 'ratio', y: 'row', symbol: 'symbol', fill: 'colour', stroke: colours.ground, strokeWidth: 0.8, r: 4.2 }),
        told !== null ? plot.text(placed, { ...facets, x: 'high', y: 'row', text: told, textAnchor: 'start', dx: 9, fill: colours.ink }) : null,
      ],
    },
  });
}

function ratioText(ratio: number, interval: Interval | null): string {
  if (interval === null || interval.low === interval.high) return numberText(ratio, 4);
  const { value, low, high } = withInterval(ratio, interval);
  return `${value} (${low} to ${high})`;
}

/** How far along an axis a value stands, 0 to 1. */
function shareOf(value: number, [low, high]: readonly [number, number], log: boolean): number {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

function widened([low, high]: readonly [number, number], times: number, log: boolean): readonly [number, number] {
  return [low, log ? low * (high / low) ** times : low + (high - low) * times];
}

/** 1, 2, 5, 10 and so on; on both sides of 1. */
function powersWithin([low, high]: readonly [number, number]): number[] {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, at) => 10 ** (first + at));
  const steps = high / low > 1000 ? [1] : [1, 2, 5];
  return powers.flatMap((power) => steps.map((step) => step * power)).filter((tick) => tick >= low && tick <= high);
}
