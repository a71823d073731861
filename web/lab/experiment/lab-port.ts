/** What the pages of the lab ask of what runs experiments. */
import type { Experiment, RunResult } from './experiment.ts';

/** Long work as a union of states; the page draws it. */
export type ExperimentState =
  | { kind: 'idle' }
  | { kind: 'running' | 'paused'; done: number; total: number; /** Wall-clock seconds so far, and those left; null before it is known. */ elapsedS: number; leftS: number | null }
  | { kind: 'done'; elapsedS: number }
  | { kind: 'cancelled'; done: number; total: number }
  | { kind: 'failed'; reason: string; done: number; total: number };

/** One experiment that this browser keeps, whole or begun. */
export interface KeptExperiment {
  id: string;
  experiment: Experiment;
  /** ISO 8601. */
  begunAt: string;
  state: ExperimentState;
}

export interface LabPort {
  /** Experiments kept in this browser, the newest first. One that a closed tab left unfinished is `paused`. */
  list(): Promise<KeptExperiment[]>;
  /** Checks, keeps and starts it; resolves to its id, rejects with a sentence. */
  begin(experiment: Experiment): Promise<string>;
  pause(id: string): Promise<void>;
  /** Goes on with what is missing. */
  resume(id: string): Promise<void>;
  cancel(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Results so far, in the order of cells and replications. */
  results(id: string): Promise<RunResult[]>;
  /** Told at most a few times a second. Returns what ends it. */
  watch(id: string, told: (state: ExperimentState, done: number) => void): () => void;
  /** The one file that reproduces it. */
  reproduction(id: string): Promise<Blob>;
  /** Opens such a file, or an experiment's file alone: keeps it, and with results says what a rerun has to match. Rejects with a sentence. */
  open(file: Blob): Promise<{ id: string; withResults: boolean }>;
}
