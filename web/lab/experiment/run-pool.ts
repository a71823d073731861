/** Runs an experiment's runs side by side on workers. */
import { strategies } from '../../sim/strategy.ts';
import type { Experiment, Run, RunFailure, RunResult } from './experiment.ts';
import type { RunInProgress } from './lab-port.ts';
import { groupBy } from '../report/group-by.ts';
import { WorkerLost, type LabModule, type OpenRunWorker, type RunWorker } from './run-worker.ts';

export interface RunPoolParts {
  experiment: Experiment;
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

/** What tells the world of a run from others of its experiment: where no tier runs a guest, its language makes no difference. */
function worldOf({ cell: { strategy, guest, nodes, link, periodS, weather }, replication }: Run): string {
  const { placement } = strategies[strategy];
  const runsGuest = Object.values(placement).includes('wasm');
  return [strategy, runsGuest ? guest : '', nodes, link, periodS, weather, replication].join(' ');
}

export class RunPool {
  readonly #parts: RunPoolParts;
  readonly #waiting: Run[];
  /** Runs of one and the same world, of which the first is run, by that one. */
  readonly #same: Map<Run, Run[]>;
  readonly #tries = new Map<Run, number>();
  readonly #workers = new Set<RunWorker>();
  readonly #inProgress = new Map<Run, RunInProgress>();
  /** Why a worker did not open. */
  #notOpened: unknown = null;
  #cancelled = false;
  #pausing: { promise: Promise<void>; end: () => void } | null = null;

  constructor(parts: RunPoolParts) {
    this.#parts = parts;
    // What is measured live is never the same twice.
    const worlds = parts.experiment.live ? parts.runs.map((run) => [run]) : [...groupBy(parts.runs, worldOf).values()];
    this.#same = new Map(worlds.map((runs) => [runs[0]!, runs]));
    this.#waiting = [...this.#same.keys()];
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
        const run = this.#cancelled ? undefined : this.#waiting.shift();
        if (!run || (await this.#try(run, worker))) continue;
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
  async #try(run: Run, worker: RunWorker): Promise<boolean> {
    const { experiment, onResult, onFailure } = this.#parts;
    const { cell, replication } = run;
    const at: RunInProgress = { cell: cell.index, replication, share: 0 };
    this.#inProgress.set(run, at);
    try {
      const result = await worker.run(experiment, run, (share) => (at.share = share));
      if (!this.#cancelled) for (const each of this.#same.get(run)!) onResult(each, { ...result, cell: each.cell.index });
      return true;
    } catch (error) {
      const lost = error instanceof WorkerLost;
      if (this.#cancelled) return !lost;
      const tries = (this.#tries.get(run) ?? 0) + 1;
      this.#tries.set(run, tries);
      const reason = error instanceof Error ? error.message : String(error);
      if (lost && tries < TRIES) this.#waiting.unshift(run);
      else for (const each of this.#same.get(run)!) onFailure(each, { cell: each.cell.index, replication, reason });
      return !lost;
    } finally {
      this.#inProgress.delete(run);
    }
  }
}
