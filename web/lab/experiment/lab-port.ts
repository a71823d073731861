/** What the pages of the lab ask of what runs experiments. */
import type { RerunMatch } from './rerun-match.ts';
import type { Experiment, RunFailure, RunResult } from './experiment.ts';

/** Runs that have an outcome, and all; a run that failed counts as done. */
interface Progress {
  done: number;
  total: number;
  failed: number;
}

/** Long work as a union of states; the page draws it. */
export type ExperimentState =
  /** Opened from a file and not begun; `resume` begins it. */
  | ({ kind: 'idle' } & Progress)
  | ({
      kind: 'running' | 'paused';
      /** Wall-clock seconds of work so far, in all tabs that worked on it. */
      elapsedS: number;
      /** Wall-clock seconds; null before it is known, and while nothing runs. */
      leftS: number | null;
      /** What is being run at this moment; empty for what a closed tab left behind. */
      now: RunInProgress[];
      /** What the user should know, though it goes on: a full disk, say. A sentence. */
      problem: string | null;
    } & Progress)
  /** Another tab of this browser works on it, and only that one can pause or cancel it. */
  | ({ kind: 'elsewhere' } & Progress)
  | ({ kind: 'done'; elapsedS: number; problem: string | null } & Progress)
  | ({ kind: 'cancelled'; problem: string | null } & Progress)
  /** It could not go on at all: `reason` is a sentence. What was done is kept, and `resume` tries again. */
  | ({ kind: 'failed'; reason: string; problem: string | null } & Progress);

export interface RunInProgress {
  cell: number;
  replication: number;
  /** Of the run's virtual time, 0 to 1. */
  share: number;
}

/** One experiment that this browser keeps, whole or begun. */
export interface KeptExperiment {
  id: string;
  experiment: Experiment;
  /** ISO 8601. */
  begunAt: string;
  /** It came with results, which its runs here are compared with: see `LabPort.match`. */
  isRerun: boolean;
  /** What it takes from a file, and why results may come out differently here, a sentence each. */
  notes: readonly string[];
  state: ExperimentState;
}

export interface OpenedFile {
  id: string;
  /** The file brought results, and `resume` reruns them. */
  withResults: boolean;
  /** Why results may come out differently here (another version of the page, other parameters): a sentence each. */
  notes: string[];
}

export interface WorkOptions {
  /** Runs side by side; as many as suit this machine when it is left out. */
  workers?: number;
}

export interface BeginOptions extends WorkOptions {
  /** The experiment that this one was made from: modules and values of parameters that came with its file count here, too. */
  copyOf?: string | null;
}

export interface OpenOptions {
  /** Takes the first so many replications of each cell, and leaves the others out. */
  replications?: number;
}

/** A file to be saved. */
export interface LabFile {
  /** With its extension; `plots/` before that of a plot. */
  name: string;
  content: Blob;
}

export interface LabPort {
  /** Experiments kept in this browser, the newest first. One that a closed tab left unfinished is `paused`. */
  list(): Promise<KeptExperiment[]>;
  /** Edge nodes of the fleet that runs in the page, for an experiment that is `live`; null when it cannot be asked. */
  liveNodes(): Promise<number | null>;
  /** Checks, keeps and starts it; resolves to its id, rejects with a sentence. */
  begin(experiment: Experiment, options?: BeginOptions): Promise<string>;
  pause(id: string): Promise<void>;
  /** Begins what was opened, goes on with what is missing; rejects with a sentence. */
  resume(id: string, options?: WorkOptions): Promise<void>;
  /** Ends it; results so far are kept. */
  cancel(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Results so far, in the order of cells and replications. */
  results(id: string): Promise<RunResult[]>;
  /** Runs that ended without a result, in the same order. */
  failures(id: string): Promise<RunFailure[]>;
  /** Told at once, and then at most a few times a second. Returns what ends it. */
  watch(id: string, told: (state: ExperimentState, done: number) => void): () => void;
  /** How the runs here compare with those that the opened file brought; null for an experiment that brought none. */
  match(id: string): Promise<RerunMatch | null>;
  /** The results that the opened file brought; empty for an experiment that brought none. */
  broughtResults(id: string): Promise<RunResult[]>;
  /** The one file that reproduces it. */
  reproduction(id: string): Promise<Blob>;
  /** What its report exports: tables as CSV and LaTeX, plots as SVG and PNG. Needs a document. */
  reportFiles(id: string): Promise<LabFile[]>;
  /** Opens such a file, or an experiment's file alone, and keeps it, not begun. Rejects with a sentence. */
  open(file: Blob, options?: OpenOptions): Promise<OpenedFile>;
}
