/** Metrics as headings, axes and sentences name them. */
import type { Metric } from '../measure/metrics.ts';
import { unitText } from './number-text.ts';

export function metricName({ label }: Pick<Metric, 'label'>): string {
  return `${label.slice(0, 1).toUpperCase()}${label.slice(1)}`;
}

/** With its unit in brackets. */
export function metricTitle(metric: Pick<Metric, 'label' | 'unit'>): string {
  const unit = unitText(metric.unit).trim();
  return unit === '' ? metricName(metric) : `${metricName(metric)} (${unit})`;
}
