/** What the lab keeps in this browser: experiments, and the outcome of each run as soon as there is one. */
import { Dexie, type EntityTable, type Table } from 'dexie';
import type { ParameterOverrides } from '../../sim/parameters.ts';
import type { Outcomes } from './rerun-match.ts';
import type { LabModule } from './run-worker.ts';
import type { Experiment, RunFailure, RunResult } from './experiment.ts';

export interface ExperimentRow {
  id: string;
  begunAtMs: number;
  experiment: Experiment;
  /** `open`: begun and neither done nor given up. */
  status: 'idle' | 'open' | 'done' | 'cancelled' | 'failed';
  /** Why it failed, a sentence. */
  reason: string | null;
  /** Wall-clock seconds of work so far. */
  elapsedS: number;
  /** Runs to be done in all. */
  total: number;
  isRerun: boolean;
  /** Why a rerun may differ, a sentence each. */
  notes: string[];
  /** Parameters that the file it came from gives other values than this version of the page does. */
  pinned: ParameterOverrides;
}

export interface OutcomeRow {
  id: string;
  cell: number;
  replication: number;
  failed: 0 | 1;
  outcome: RunResult | RunFailure;
}

/** What an experiment needs beside its row; apart, so that a list of experiments stays light. */
export interface CompanionRow {
  id: string;
  /** That the page does not ship, or ships otherwise. */
  modules: LabModule[];
  /** What came with the file of a rerun; null for an experiment that was begun here. */
  brought: Outcomes | null;
}

export type LabDatabase = Dexie & {
  experiments: EntityTable<ExperimentRow, 'id'>;
  outcomes: Table<OutcomeRow, [string, number, number]>;
  companions: EntityTable<CompanionRow, 'id'>;
};

export function openLabDatabase(): LabDatabase {
  const database = new Dexie('continuum-lab') as LabDatabase;
  database.version(1).stores({
    experiments: 'id, begunAtMs',
    outcomes: '[id+cell+replication], id, [id+failed]',
    companions: 'id',
  });
  return database;
}
