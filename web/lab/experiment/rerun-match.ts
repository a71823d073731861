/** Whether runs came out as a file says they did. */
import type { RunFailure, RunResult } from './experiment.ts';

/** The first difference, in the order of cells and replications. */
export interface Divergence {
  cell: number;
  replication: number;
  /** A metric's id; `digest` when all measures agree and yet not all that happened; `outcome` when only one of the two has a result. */
  metric: string;
  /** In the file, and here. NaN where a run has no such number. */
  stored: number | string;
  here: number | string;
}

export interface RerunMatch {
  /** Runs that the file tells of. */
  total: number;
  /** Those of them that were run again so far. */
  compared: number;
  /** Those of them that came out the same, to the last bit. */
  same: number;
  first: Divergence | null;
}

export interface Outcomes {
  results: readonly RunResult[];
  failures: readonly RunFailure[];
}

export function matchOutcomes(stored: Outcomes, here: Outcomes): RerunMatch {
  const found = new Map([...here.results, ...here.failures].map((outcome) => [keyOf(outcome), outcome]));
  const told = [...stored.results, ...stored.failures].sort((a, b) => a.cell - b.cell || a.replication - b.replication);
  const match: RerunMatch = { total: told.length, compared: 0, same: 0, first: null };
  for (const outcome of told) {
    const again = found.get(keyOf(outcome));
    if (!again) continue;
    match.compared += 1;
    const divergence = divergenceOf(outcome, again);
    if (divergence) match.first ??= { cell: outcome.cell, replication: outcome.replication, ...divergence };
    else match.same += 1;
  }
  return match;
}

/** A sentence, for people. */
export function divergenceText({ cell, replication, metric, stored, here }: Divergence): string {
  const where = `Cell ${cell}, replication ${replication}`;
  if (metric === 'outcome') return `${where}: the file says ${stored}; here ${here}.`;
  if (metric === 'digest') return `${where}: all measures agree, but not all that happened: digest ${stored} in the file, ${here} here.`;
  return `${where}: ${metric} is ${stored} in the file and ${here} here.`;
}

function divergenceOf(stored: RunResult | RunFailure, here: RunResult | RunFailure): Omit<Divergence, 'cell' | 'replication'> | null {
  if ('reason' in stored || 'reason' in here) {
    const [a, b] = [outcomeText(stored), outcomeText(here)];
    return a === b ? null : { metric: 'outcome', stored: a, here: b };
  }
  if (stored.seed !== here.seed) return { metric: 'seed', stored: stored.seed, here: here.seed };
  for (const metric of new Set([...Object.keys(stored.measures), ...Object.keys(here.measures)])) {
    const a = asFiled(stored.measures[metric]);
    const b = asFiled(here.measures[metric]);
    if (!Object.is(a, b)) return { metric, stored: a, here: b };
  }
  return stored.digest === here.digest ? null : { metric: 'digest', stored: stored.digest, here: here.digest };
}

/** JSON knows neither infinities nor a second zero. */
function asFiled(value: number | undefined): number {
  return value === undefined || !Number.isFinite(value) ? NaN : value + 0;
}

function outcomeText(outcome: RunResult | RunFailure): string {
  return 'reason' in outcome ? `it failed: ${outcome.reason}` : 'it has a result';
}

function keyOf({ cell, replication }: { cell: number; replication: number }): string {
  return `${cell}/${replication}`;
}
