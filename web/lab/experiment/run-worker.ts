/** What carries out runs, one task at a time: in the page a worker, seen through this port. */
import type { PinnedExperiment, Run, RunResult } from './experiment.ts';

/** A module as the lab hands it over: its id in the experiment, its name and bytes. */
export interface LabModule {
  id: string;
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface RunWorker {
  /**
   * Runs that share their edge nodes (`tasksOf`), at once; resolves to their results in the same order.
   * Rejects with `RunCancelled` after `cancel`, with `WorkerLost` when the worker is gone, else with why the run failed.
   * @param progress told the share of virtual time that is done, 0 to 1, a few times a second
   */
  run(experiment: PinnedExperiment, runs: readonly Run[], progress: (share: number) => void): Promise<RunResult[]>;
  /** Holds what it is at. */
  pause(): void;
  goOn(): void;
  /** Ends what it is at. */
  cancel(): void;
  close(): void;
}

/** Rejects with a sentence when no runs can be carried out here, or a module cannot take part. */
export type OpenRunWorker = (modules: readonly LabModule[]) => Promise<RunWorker>;

/** The worker ended by itself: out of memory, or its script did not load. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
}
