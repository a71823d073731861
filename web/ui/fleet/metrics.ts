/** What the cells of a large fleet can show, each on a scale of its own. */
import type { NodeColumns } from '../../sim/snapshot.ts';
import { formatCount, formatSi } from '../parts/format.ts';

export const metricIds = ['moisture', 'state', 'instructions', 'energy'] as const;
export type MetricId = (typeof metricIds)[number];

export interface Scale {
  low: number;
  high: number;
}

export interface Metric {
  label: string;
  /** What its numbers count; empty for what is no number. */
  unit: string;
  column: (nodes: NodeColumns) => Uint8Array | Float32Array | Float64Array;
  /** Null: from the least to the most that any node has. */
  scale: Scale | null;
  format: (value: number) => string;
  /** For a plot, which has little room. */
  short: (value: number) => string;
}

export const metrics: Record<MetricId, Metric> = {
  moisture: {
    label: 'Moisture',
    unit: '%',
    column: ({ percent }) => percent,
    scale: { low: 0, high: 100 },
    format: (value) => `${Math.round(value)} %`,
    short: (value) => `${Math.round(value)}%`,
  },
  state: {
    label: 'State',
    unit: '',
    column: ({ state }) => state,
    scale: { low: 0, high: 5 },
    format: String,
    short: String,
  },
  instructions: {
    label: 'Instructions per step',
    unit: 'per step',
    column: ({ instructionsPerStep }) => instructionsPerStep,
    scale: null,
    format: formatCount,
    short: (value) => formatSi(Math.round(value), '').replace(/\.0+(?=\D|$)/, ''),
  },
  energy: {
    label: 'Energy',
    unit: '',
    column: ({ energyJ }) => energyJ,
    scale: null,
    format: (value) => formatSi(value, 'J'),
    short: (value) => formatSi(value, 'J'),
  },
};

/** From the least to the most finite value; 0 to 1 where there is none, so that a scale never is empty. */
export function spanOf(values: Iterable<number>): Scale {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return { low: 0, high: 1 };
  return low === high ? { low: low - Math.abs(low) * 0.01 - 1e-9, high: high + Math.abs(high) * 0.01 + 1e-9 } : { low, high };
}
