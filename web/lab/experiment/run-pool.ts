/** Runs an experiment's runs side by side on workers. */
import type { PinnedExperiment, Run, RunFailure, RunResult } from './experiment.ts';
import type { RunInProgress } from './lab-port.ts';
import { WorkerLost, type LabModule, type OpenRunWorker, type RunWorker } from './run-worker.ts';
import { tasksOf, type SameRuns } from './shared-runs.ts';

export interface RunPoolParts {
  experiment: PinnedExperiment;
  /** All that the cells name and the page does not ship. */
  modules: readonly LabModule[];
  /** In the order in which they are begun. */
  runs: readonly Run[];
  workers: number;
  openWorker: OpenRunWorker;
  onResult(run: Run, result: RunResult): void;
  onFailure(run: Run, failure: RunFailure): void;
}

/** A run that costs a worker its life is tried this often: the second may have had the bad luck of the first. */
const TRIES = 2;

export class RunPool {
  readonly #parts: RunPoolParts;
  /** Of runs of one and the same world the first is run, for all. */
  readonly #waiting: SameRuns[][];
  readonly #tries = new Map<SameRuns, number>();
  readonly #workers = new Set<RunWorker>();
  readonly #inProgress = new Map<Run, RunInProgress>();
  /** Why a worker did not open. */
  #notOpened: unknown = null;
  #cancelled = false;
  #pausing: { promise: Promise<void>; end: () => void } | null = null;

  constructor(parts: RunPoolParts) {
    this.#parts = parts;
    // What is measured live is never the same twice.
    this.#waiting = parts.experiment.live ? parts.runs.map((run) => [[run]]) : tasksOf(parts.runs, parts.workers);
  }

  /** What is being run at this moment. */
  get inProgress(): RunInProgress[] {
    return [...this.#inProgress.values()];
  }

  /** What makes it slower than it might be, as a sentence, or null. */
  get problem(): string | null {
    if (this.#notOpened === null || this.#workers.size === 0) return null;
    return `It goes on with fewer workers than it was to have. ${this.#notOpened instanceof Error ? this.#notOpened.message : String(this.#notOpened)}`;
  }

  /** Resolves when every run has an outcome, or after `cancel`. Rejects with a sentence when nothing can be run here. */
  async work(): Promise<void> {
    const lanes = Array.from({ length: Math.min(this.#parts.workers, this.#waiting.length) }, () => this.#lane());
    try {
      await Promise.all(lanes);
      // The others did not open, and these are gone.
      if (this.#waiting.length > 0 && !this.#cancelled) throw this.#notOpened;
    } catch (error) {
      if (!this.#cancelled) {
        this.cancel();
        throw error;
      }
    } finally {
      await Promise.allSettled(lanes);
    }
  }

  pause(): void {
    if (this.#pausing) return;
    let end = (): void => {};
    const promise = new Promise<void>((resolve) => (end = resolve));
    this.#pausing = { promise, end };
    for (const worker of this.#workers) worker.pause();
  }

  goOn(): void {
    this.#pausing?.end();
    this.#pausing = null;
    for (const worker of this.#workers) worker.goOn();
  }

  cancel(): void {
    this.#cancelled = true;
    for (const worker of this.#workers) worker.cancel();
    this.goOn();
  }

  async #lane(): Promise<void> {
    let worker: RunWorker | null = null;
    try {
      while (this.#waiting.length > 0 && !this.#cancelled) {
        worker ??= await this.#open();
        if (!worker) return;
        await this.#pausing?.promise;
        const task = this.#cancelled ? undefined : this.#waiting.shift();
        if (!task || (await this.#try(task, worker))) continue;
        this.#workers.delete(worker);
        worker.close();
        worker = null;
      }
    } finally {
      if (worker) {
        this.#workers.delete(worker);
        worker.close();
      }
    }
  }

  /** Null when it does not open: the others then share its work. */
  async #open(): Promise<RunWorker | null> {
    try {
      const worker = await this.#parts.openWorker(this.#parts.modules);
      this.#workers.add(worker);
      return worker;
    } catch (error) {
      this.#notOpened = error;
      return null;
    }
  }

  /** Whether the worker can be used again. */
  async #try(task: SameRuns[], worker: RunWorker): Promise<boolean> {
    const { experiment, onResult } = this.#parts;
    const runs = task.map(([first]) => first!);
    const inProgress = runs.map(({ cell, replication }): RunInProgress => ({ cell: cell.index, replication, share: 0 }));
    runs.forEach((run, at) => this.#inProgress.set(run, inProgress[at]!));
    try {
      const results = await worker.run(experiment, runs, (share) => {
        for (const each of inProgress) each.share = share;
      });
      if (this.#cancelled) return true;
      task.forEach((same, at) => {
        for (const run of same) onResult(run, { ...results[at]!, cell: run.cell.index });
      });
      return true;
    } catch (error) {
      const lost = error instanceof WorkerLost;
      if (!this.#cancelled) this.#failed(task, error, lost);
      return !lost;
    } finally {
      for (const run of runs) this.#inProgress.delete(run);
    }
  }

  #failed(task: SameRuns[], error: unknown, lost: boolean): void {
    // Which of them it was shows when each is tried alone.
    if (task.length > 1) {
      this.#waiting.unshift(...task.map((same) => [same]));
      return;
    }
    const [same] = task as [SameRuns];
    const tries = (this.#tries.get(same) ?? 0) + 1;
    this.#tries.set(same, tries);
    if (lost && tries < TRIES) {
      this.#waiting.unshift(task);
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    for (const run of same) this.#parts.onFailure(run, { cell: run.cell.index, replication: run.replication, reason });
  }
}
