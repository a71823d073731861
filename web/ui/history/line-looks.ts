/** What the lines of a chart are called and how each is told from the others: colour, dash and a number at its end. */
import type { Quantity, SeriesKey } from '../../history/history-port.ts';
import { formatSi } from '../parts/format.ts';
import { lineId } from './dense-line.ts';

export type ScaleName = 'adc' | 'percent' | 'latency' | 'onOff';

interface QuantityLook {
  label: string;
  /** Short, for axes and values. */
  unit: string;
  scale: ScaleName;
  /** CSS pixels on and off. */
  dash: readonly number[];
}

export const quantityLooks: Record<Quantity, QuantityLook> = {
  raw: { label: 'Raw', unit: 'ADC', scale: 'adc', dash: [] },
  percent: { label: 'Moisture', unit: '%', scale: 'percent', dash: [2, 2] },
  irrigate: { label: 'Irrigate', unit: '', scale: 'onOff', dash: [] },
  fogEma: { label: 'Fog filtered', unit: 'ADC', scale: 'adc', dash: [8, 3] },
  cloudEma: { label: 'Cloud filtered', unit: 'ADC', scale: 'adc', dash: [10, 3, 2, 3] },
  latencyMs: { label: 'Latency', unit: 'ms', scale: 'latency', dash: [] },
  twinRaw: { label: 'Twin raw', unit: 'ADC', scale: 'adc', dash: [4, 3] },
  twinPercent: { label: 'Twin moisture', unit: '%', scale: 'percent', dash: [6, 2, 2, 2] },
};

/** Colour tokens that the view declares. */
export const lineColours = ['line-1', 'line-2', 'line-3', 'line-4', 'line-5', 'line-6', 'line-7', 'line-8'] as const;

/** More lines than colours would be told apart by their numbers alone. */
export const MOST_NODES = lineColours.length;

export interface LineLook extends QuantityLook {
  id: string;
  series: SeriesKey;
  /** Number at the line's end and in the table, from 1. */
  tag: number;
  colour: (typeof lineColours)[number];
  name: string;
}

/** Nodes differ in colour and quantities in dash; the quantities of a single node in both. */
export function lineLooks(nodes: readonly string[], quantities: readonly Quantity[], has: (id: string) => boolean): LineLook[] {
  const looks: LineLook[] = [];
  nodes.forEach((node, n) => {
    quantities.forEach((quantity, q) => {
      const series = { node, quantity };
      const id = lineId(series);
      if (!has(id)) return;
      const look = quantityLooks[quantity];
      const colour = lineColours[(nodes.length === 1 ? q : n) % lineColours.length]!;
      looks.push({ ...look, id, series, colour, tag: looks.length + 1, name: `${node}, ${look.label.toLowerCase()}` });
    });
  });
  return looks;
}

/** One value in words, without its unit. */
function figure(value: number, scale: ScaleName): string {
  if (scale === 'onOff') return value > 0 ? 'on' : 'off';
  if (scale === 'latency') return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** `1830 ADC`, `1790…1835 ADC`, `off…on`. */
export function rangeText(least: number, greatest: number, { scale, unit }: { scale: ScaleName; unit: string }): string {
  if (scale === 'latency' && greatest >= 10_000) return `${formatSi(least / 1000, 's')}…${formatSi(greatest / 1000, 's')}`;
  const [low, high] = [figure(least, scale), figure(greatest, scale)];
  return `${low === high ? low : `${low}…${high}`}${unit === '' ? '' : ` ${unit}`}`;
}
