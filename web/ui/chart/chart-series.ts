/** What the chart shows and how each line is told from the others: colour, dash, width and word. */
import type { ValueKey } from './columns.ts';

export interface ChartSeries {
  key: ValueKey;
  label: string;
  unit: string;
  /** A colour token of the style sheet. */
  colour: string;
  shape: 'line' | 'bars' | 'shade';
  scale: 'adc' | 'percent' | 'rain' | 'pump';
  widthPx: number;
  dash: readonly number[];
  digits: number;
}

const line = { unit: '', shape: 'line', scale: 'adc', widthPx: 2.25, dash: [], digits: 1 } as const;
const dotted = { widthPx: 1.5, dash: [2, 2], digits: 0 } as const;

/** In the order of `valueKeys`, which is the order of the drawn columns. */
export const chartSeries: readonly ChartSeries[] = [
  { ...line, key: 'raw', label: 'Raw', colour: 'raw', widthPx: 1, digits: 0 },
  { ...line, key: 'fogEma', label: 'Fog filtered', colour: 'ema-fog' },
  { ...line, key: 'cloudEma', label: 'Cloud filtered', colour: 'ema-cloud', dash: [10, 3, 2, 3] },
  { ...line, key: 'threshold', label: 'Threshold', colour: 'threshold', widthPx: 1.5, dash: [7, 5], digits: 0 },
  { ...line, key: 'percent', label: 'Moisture', unit: '%', colour: 'percent', scale: 'percent', ...dotted },
  { ...line, key: 'rain', label: 'Rain', unit: 'mm/h', colour: 'rain', scale: 'rain', shape: 'bars' },
  { ...line, key: 'pump', label: 'Pump', colour: 'pump', scale: 'pump', shape: 'shade' },
];

/** A value for the legend, with its unit; an en dash where there is none. */
export function valueText(series: ChartSeries, value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (series.key === 'pump') return value > 0 ? 'on' : 'off';
  return series.unit === '' ? value.toFixed(series.digits) : `${value.toFixed(series.digits)} ${series.unit}`;
}
