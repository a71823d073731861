/** Results as a file holds them: a row for each run, the same on every machine, and a hash over all. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { RunFailure } from './experiment.ts';
import type { Outcomes } from './rerun-match.ts';

/** Cell, replication, seed, digest, and a value for each metric; null where the run has no such number. */
export type ResultRow = [cell: number, replication: number, seed: number, digest: string, ...values: (number | null)[]];

export interface ResultTable {
  /** Ids, in the order of the values. */
  metrics: string[];
  runs: ResultRow[];
  failures: RunFailure[];
}

export function tableOf({ results, failures }: Outcomes): ResultTable {
  const metrics = [...new Set(results.flatMap(({ measures }) => Object.keys(measures)))];
  const runs = results.map(({ cell, replication, seed, digest, measures }): ResultRow => [
    cell,
    replication,
    seed,
    digest,
    ...metrics.map((metric) => {
      const value = measures[metric];
      // JSON knows neither NaN nor a second zero.
      return value === undefined || !Number.isFinite(value) ? null : value + 0;
    }),
  ]);
  return { metrics, runs, failures: failures.map(({ cell, replication, reason }) => ({ cell, replication, reason })) };
}

export function outcomesOf({ metrics, runs, failures }: ResultTable): Outcomes {
  const results = runs.map(([cell, replication, seed, digest, ...values]) => ({
    cell,
    replication,
    seed,
    digest,
    measures: Object.fromEntries(metrics.map((metric, index) => [metric, values[index] ?? NaN])),
  }));
  return { results, failures };
}

/** SHA-256 over the table as JSON without blanks, lower-case hex. */
export function tableSha256({ metrics, runs, failures }: ResultTable): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify({ metrics, runs, failures }))));
}
