/** What a run is measured by. One number each, so that every table, test and plot treats them alike. */

export interface Metric {
  label: string;
  unit: string;
  /** How it is measured, a sentence. */
  meaning: string;
  better: 'less' | 'more' | 'neither';
}

/** Latency of each hop and from end to end: see `hopNames` of `sim/latency-book.ts`. */
export const hopMetricPrefix = 'hop.';

/**
 * By metric id; NaN where a run has no such number (the fog's CPU under strategy A). The ids are those of `metrics`,
 * and `hop.NAME.medianMs`, `hop.NAME.p95Ms`, `hop.NAME.p99Ms` for each hop.
 */
export type RunMeasures = Record<string, number>;
