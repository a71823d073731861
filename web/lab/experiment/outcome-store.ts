/** Experiments and their outcomes between visits. Each method rejects when the browser's storage is full or switched off. */
import type { RunFailure, RunResult } from './experiment.ts';
import type { CompanionRow, ExperimentRow, LabDatabase } from './lab-database.ts';
import type { Outcomes } from './rerun-match.ts';

export interface Counts {
  done: number;
  failed: number;
}

export class OutcomeStore {
  readonly #database: LabDatabase;

  constructor(database: LabDatabase) {
    this.#database = database;
  }

  /** The newest first. */
  list(): Promise<ExperimentRow[]> {
    return this.#database.experiments.orderBy('begunAtMs').reverse().toArray();
  }

  async get(id: string): Promise<ExperimentRow | null> {
    return (await this.#database.experiments.get(id)) ?? null;
  }

  async counts(id: string): Promise<Counts> {
    const { outcomes } = this.#database;
    const [done, failed] = await Promise.all([
      outcomes.where('id').equals(id).count(),
      outcomes.where('[id+failed]').equals([id, 1]).count(),
    ]);
    return { done, failed };
  }

  async add(row: ExperimentRow, companion: CompanionRow): Promise<void> {
    const { experiments, companions } = this.#database;
    await this.#database.transaction('rw', experiments, companions, async () => {
      await experiments.put(row);
      await companions.put(companion);
    });
  }

  /** All or none; what is there of the same run is replaced. Rejects when the experiment is not here any more. */
  async keep(id: string, change: Partial<Pick<ExperimentRow, 'status' | 'reason' | 'elapsedS'>>, came: readonly (RunResult | RunFailure)[] = []): Promise<void> {
    const { experiments, outcomes } = this.#database;
    await this.#database.transaction('rw', experiments, outcomes, async () => {
      // Not Dexie's `update`, which does not tell a row that is gone from one that is so already.
      const found = await experiments.where('id').equals(id).modify(change);
      if (found === 0) throw new Error('This experiment is not here any more: another tab has removed it.');
      await outcomes.bulkPut(
        came.map((outcome) => {
          const { cell, replication } = outcome;
          return { id, cell, replication, failed: 'reason' in outcome ? 1 : 0, outcome };
        }),
      );
    });
  }

  /** In the order of cells and replications. */
  async outcomes(id: string): Promise<Outcomes> {
    const rows = await this.#database.outcomes.where('[id+cell+replication]').between([id, -Infinity, -Infinity], [id, Infinity, Infinity]).toArray();
    return separated(rows.map(({ outcome }) => outcome));
  }

  async companion(id: string): Promise<CompanionRow> {
    return (await this.#database.companions.get(id)) ?? { id, modules: [], brought: null };
  }

  /** So that they are tried again. */
  async forgetFailures(id: string): Promise<void> {
    await this.#database.outcomes.where('[id+failed]').equals([id, 1]).delete();
  }

  async remove(id: string): Promise<void> {
    const { experiments, outcomes, companions } = this.#database;
    await this.#database.transaction('rw', experiments, outcomes, companions, async () => {
      await experiments.delete(id);
      await outcomes.where('id').equals(id).delete();
      await companions.delete(id);
    });
  }
}

/** Results and failures apart, each in the order of cells and replications. */
export function separated(outcomes: readonly (RunResult | RunFailure)[]): Outcomes {
  const sorted = [...outcomes].sort((a, b) => a.cell - b.cell || a.replication - b.replication);
  const results: RunResult[] = [];
  const failures: RunFailure[] = [];
  for (const outcome of sorted) {
    if ('reason' in outcome) failures.push(outcome);
    else results.push(outcome);
  }
  return { results, failures };
}
