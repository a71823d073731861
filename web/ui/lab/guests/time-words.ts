/** Names and figures of measured times. */
import type { Quantity, Summary, TimeSeries } from '../../../lab/compare/compare-port.ts';
import type { Interval } from '../../../lab/report/report-port.ts';
import { formatSi } from '../../parts/format.ts';

export const quantityTitles: Readonly<Record<Quantity, { title: string; meaning: string }>> = {
  process: { title: 'process', meaning: 'One call from the host' },
  filter_value: { title: 'filter_value', meaning: 'One call from the host' },
  detect_anomaly: { title: 'detect_anomaly', meaning: 'One call from the host' },
  step: { title: 'A step of main', meaning: 'One round of the loop with all its host calls' },
  'host-call': { title: 'A host call', meaning: 'A call of the host alone, from a module made for that' },
  line: { title: 'A line of the WASI build', meaning: 'Text read and written, all three functions called' },
};
export const quantityOrder = Object.keys(quantityTitles) as Quantity[];

export function formatUs(us: number): string {
  return formatSi(us / 1e6, 's');
}

export function intervalText(interval: Interval | null): string {
  return interval === null ? 'too few' : `${formatUs(interval.low)} to ${formatUs(interval.high)}`;
}

/** `the slowest 3 of 40`; empty when there are none. */
export function outlierText({ outliers, n }: Summary): string {
  return outliers.length === 0 ? 'none' : `${outliers.length} of ${n}`;
}

export function warmUpText({ warmUpBatches, settled }: TimeSeries): string {
  const batches = `${warmUpBatches} ${warmUpBatches === 1 ? 'batch' : 'batches'} thrown away`;
  return settled ? batches : `${batches}, and it had not settled`;
}
