/** One experiment that this tab works on, from its begin to its end, and after: what it found stays here too. */
import type { Run, RunFailure, RunResult } from './experiment.ts';
import type { CompanionRow, ExperimentRow } from './lab-database.ts';
import type { ExperimentState } from './lab-port.ts';
import { keepingProblem } from './lab-storage-problem.ts';
import { readingsOf, runsOf } from './matrix.ts';
import { separated, type OutcomeStore } from './outcome-store.ts';
import type { Outcomes } from './rerun-match.ts';
import { RunPool } from './run-pool.ts';
import type { OpenRunWorker } from './run-worker.ts';
import type { Release } from './tab-lock.ts';
import { WorkRate } from './work-rate.ts';

export interface SessionParts {
  store: OutcomeStore;
  openWorker: OpenRunWorker;
  workers: number;
  /** Milliseconds of a clock that never goes back. */
  nowMs(): number;
  /** Of the lock that keeps other tabs away. */
  release: Release;
}

const keyOf = (cell: number, replication: number): string => `${cell}/${replication}`;

/** The runs to be done: of a rerun, those that its file tells of. */
export function runsToDo({ experiment, isRerun }: Pick<ExperimentRow, 'experiment' | 'isRerun'>, brought: Outcomes | null): Run[] {
  const runs = runsOf(experiment);
  if (!isRerun || !brought) return runs;
  const told = new Set([...brought.results, ...brought.failures].map(({ cell, replication }) => keyOf(cell, replication)));
  return runs.filter(({ cell, replication }) => told.has(keyOf(cell.index, replication)));
}

export class ExperimentSession {
  readonly row: ExperimentRow;
  readonly companion: CompanionRow;
  readonly #parts: SessionParts;
  readonly #outcomes = new Map<string, RunResult | RunFailure>();
  readonly #unsaved = new Set<RunResult | RunFailure>();
  readonly #pool: RunPool;
  readonly #rate: WorkRate;
  /** Readings of a run of each cell. */
  readonly #readings: Map<number, number>;
  /** Readings to be taken in this visit, and those of the runs that it has done. */
  readonly #toTake: number;
  #taken = 0;
  #rowSaved: boolean;
  #saving: Promise<void> = Promise.resolve();
  #problem: string | null = null;
  #state: 'running' | 'paused' | 'cancelled' | 'done' | 'failed' = 'running';
  /** Resolves when it has come to an end, whatever that is; never rejects. */
  ended: Promise<void> = Promise.resolve();

  /**
   * @param before what was done earlier
   * @param saved whether the store has all of this already
   */
  constructor(row: ExperimentRow, companion: CompanionRow, before: Outcomes, saved: boolean, parts: SessionParts) {
    this.row = row;
    this.companion = companion;
    this.#parts = parts;
    this.#rowSaved = saved;
    for (const outcome of [...before.results, ...before.failures]) {
      this.#outcomes.set(keyOf(outcome.cell, outcome.replication), outcome);
      if (!saved) this.#unsaved.add(outcome);
    }
    const { experiment, pinned } = row;
    const all = runsToDo(row, companion.brought);
    const missing = all.filter(({ cell, replication }) => !this.#outcomes.has(keyOf(cell.index, replication)));
    this.#readings = new Map(all.map(({ cell }) => [cell.index, readingsOf(experiment, cell)]));
    this.#toTake = missing.reduce((sum, { cell }) => sum + this.#readings.get(cell.index)!, 0);
    this.#rate = new WorkRate(row.elapsedS, parts.nowMs);
    this.#pool = new RunPool({
      experiment: { ...experiment, pinned },
      modules: companion.modules,
      runs: missing,
      workers: parts.workers,
      openWorker: parts.openWorker,
      onResult: (run, result) => this.#came(run, result),
      onFailure: (run, failure) => this.#came(run, failure),
    });
  }

  get outcomes(): Outcomes {
    return separated([...this.#outcomes.values()]);
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  /** Still to be gone on with, in this tab. */
  get open(): boolean {
    return this.#state === 'running' || this.#state === 'paused';
  }

  get state(): ExperimentState {
    const { total, reason } = this.row;
    const failed = [...this.#outcomes.values()].filter((outcome) => 'reason' in outcome).length;
    const progress = { done: this.#outcomes.size, total, failed };
    const { elapsedS } = this.#rate;
    const problem = this.#problem ?? this.#pool.problem;
    switch (this.#state) {
      case 'running':
      case 'paused': {
        const leftS = this.#state === 'paused' ? null : this.#leftS();
        return { kind: this.#state, ...progress, elapsedS, leftS, now: this.#pool.inProgress, problem };
      }
      case 'done':
        return { kind: 'done', ...progress, elapsedS, problem };
      case 'failed':
        return { kind: 'failed', reason: reason ?? '', ...progress, problem };
      case 'cancelled':
        return { kind: 'cancelled', ...progress, problem };
    }
  }

  /** Whether the store has all of it. */
  get saved(): boolean {
    return this.#rowSaved && this.#unsaved.size === 0;
  }

  /** Whether something of it would go with this page. */
  get onlyHere(): boolean {
    return this.#problem !== null;
  }

  begin(): void {
    this.ended = this.#work();
  }

  async #work(): Promise<void> {
    this.#rate.start();
    await this.#save();
    try {
      await this.#pool.work();
      if (this.open) this.#state = 'done';
    } catch (error) {
      this.row.reason = error instanceof Error ? error.message : String(error);
      this.#state = 'failed';
    }
    this.#rate.stop();
    this.row.status = this.#state === 'done' || this.#state === 'failed' ? this.#state : 'cancelled';
    await this.#save();
    await this.#parts.release();
  }

  pause(): void {
    if (!this.running) return;
    this.#state = 'paused';
    this.#rate.stop();
    this.#pool.pause();
  }

  goOn(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    this.#rate.start();
    this.#pool.goOn();
  }

  cancel(): void {
    if (!this.open) return;
    this.#state = 'cancelled';
    this.#pool.cancel();
  }

  #came({ cell, replication }: Run, outcome: RunResult | RunFailure): void {
    this.#outcomes.set(keyOf(cell.index, replication), outcome);
    this.#unsaved.add(outcome);
    this.#taken += this.#readings.get(cell.index)!;
    void this.#save();
  }

  #leftS(): number | null {
    let taken = this.#taken;
    for (const { cell, share } of this.#pool.inProgress) taken += share * this.#readings.get(cell)!;
    return this.#rate.leftS(taken, this.#toTake - taken);
  }

  /** One write at a time, and each takes along all that came since the last. Never rejects. */
  #save(): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      const { store } = this.#parts;
      const batch = [...this.#unsaved];
      this.row.elapsedS = this.#rate.elapsedS;
      try {
        if (!this.#rowSaved) await store.add(this.row, this.companion);
        this.#rowSaved = true;
        const { id, status, reason, elapsedS } = this.row;
        await store.keep(id, { status, reason, elapsedS }, batch);
        for (const outcome of batch) this.#unsaved.delete(outcome);
        this.#problem = null;
      } catch (error) {
        this.#problem = keepingProblem(error);
      }
    });
    return this.#saving;
  }
}
