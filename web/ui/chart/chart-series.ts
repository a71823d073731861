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

/** In the order of `valueKeys`, which is the order of the drawn columns. */
export const chartSeries: readonly ChartSeries[] = [
  { key: 'raw', label: 'Raw', unit: '', colour: 'raw', shape: 'line', scale: 'adc', widthPx: 1, dash: [], digits: 0 },
  { key: 'fogEma', label: 'Fog filtered', unit: '', colour: 'ema-fog', shape: 'line', scale: 'adc', widthPx: 2.25, dash: [], digits: 1 },
  { key: 'cloudEma', label: 'Cloud filtered', unit: '', colour: 'ema-cloud', shape: 'line', scale: 'adc', widthPx: 2.25, dash: [10, 3, 2, 3], digits: 1 },
  { key: 'threshold', label: 'Threshold', unit: '', colour: 'threshold', shape: 'line', scale: 'adc', widthPx: 1.5, dash: [7, 5], digits: 0 },
  { key: 'percent', label: 'Moisture', unit: '%', colour: 'percent', shape: 'line', scale: 'percent', widthPx: 1.5, dash: [2, 2], digits: 0 },
  { key: 'rain', label: 'Rain', unit: 'mm/h', colour: 'rain', shape: 'bars', scale: 'rain', widthPx: 1, dash: [], digits: 1 },
  { key: 'pump', label: 'Pump', unit: '', colour: 'pump', shape: 'shade', scale: 'pump', widthPx: 1, dash: [], digits: 0 },
];

/** A value for the legend, with its unit; an en dash where there is none. */
export function valueText(series: ChartSeries, value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (series.key === 'pump') return value > 0 ? 'on' : 'off';
  return series.unit === '' ? value.toFixed(series.digits) : `${value.toFixed(series.digits)} ${series.unit}`;
}
