/** The experiments that this browser keeps, the one that is shown, and what came out of it. */
import type { RunFailure } from '../../../lab/experiment/experiment.ts';
import type { ExperimentState, KeptExperiment } from '../../../lab/experiment/lab-port.ts';
import { cellCount, extentOf } from '../../../lab/experiment/matrix.ts';
import type { RerunMatch } from '../../../lab/experiment/rerun-match.ts';
import type { Report } from '../../../lab/report/report-port.ts';
import type { CostProfile, ExperimentParts, GuestChoice } from '../lab-parts.ts';
import { Draft } from './draft.svelte.ts';

/** What came out of the experiment that is shown, so far. */
export interface Findings {
  /** Of which experiment. */
  id: string;
  /** Null before the first run is done. */
  report: Report | null;
  failures: readonly RunFailure[];
  /** Runs with a result, by index of the cell. */
  doneOfCell: readonly number[];
  match: RerunMatch | null;
}

/** A report of many runs takes a while to build: while more come in it is built anew no more often than this. */
const REPORT_EVERY_MS = 2000;

export class ExperimentsStore {
  readonly #parts: ExperimentParts;
  #kept = $state.raw<KeptExperiment[]>([]);
  #chosen = $state<string | null>(null);
  #draft = $state.raw<Draft | null>(null);
  #findings = $state.raw<Findings | null>(null);
  #profiles = $state.raw<readonly CostProfile[]>([]);
  #problem = $state<string | null>(null);
  /** What ends the watching of each, by id. */
  readonly #watched: Record<string, (() => void) | undefined> = {};
  #reading = false;
  #readAgain = false;
  #readAtMs = -Infinity;
  #readLater: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: ExperimentParts) {
    this.#parts = parts;
  }

  /** The newest first. */
  get kept(): readonly KeptExperiment[] {
    return this.#kept;
  }

  /** Null while a new one is put together, and when there is none. */
  get chosen(): KeptExperiment | null {
    return this.#draft ? null : (this.#kept.find(({ id }) => id === this.#chosen) ?? null);
  }

  /** The experiment that is being put together; null while one is shown. */
  get draft(): Draft | null {
    return this.#draft;
  }

  /** Of the experiment that is shown. */
  get findings(): Findings | null {
    return this.#findings?.id === this.chosen?.id ? this.#findings : null;
  }

  /** Why something could not be done, a sentence. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Readings a second of wall-clock time, over the experiments that were done here; null before the first. */
  get readingsPerS(): number | null {
    let readings = 0;
    let seconds = 0;
    for (const { experiment, state } of this.#kept) {
      if (state.kind !== 'done' || experiment.live || state.elapsedS === 0) continue;
      readings += extentOf(experiment).readings;
      seconds += state.elapsedS;
    }
    return seconds > 0 ? readings / seconds : null;
  }

  /** Costs measured on boards; none before `compose`. */
  get profiles(): readonly CostProfile[] {
    return this.#profiles;
  }

  get guests(): readonly GuestChoice[] {
    return this.#parts.guests();
  }

  /** Shows what is kept; a new one where there is none. */
  async open(): Promise<void> {
    await this.#try(() => this.#list());
    // Whoever looked at another tab meanwhile finds it as it was.
    if (this.#draft) return;
    if (this.#chosen === null && this.#kept.length > 0) this.choose(this.#kept[0]!.id);
    if (this.#kept.length === 0) this.compose();
  }

  choose(id: string): void {
    this.#draft = null;
    this.#chosen = id;
    this.#readAtMs = -Infinity;
    void this.#readFindings();
  }

  /** @param copyOf to begin with; null for the first preset */
  compose(copyOf: KeptExperiment | null = null): void {
    this.#problem = null;
    this.#draft = new Draft(copyOf);
    void this.#try(async () => void (this.#profiles = await this.#parts.profiles()));
  }

  /** Back to what was shown before. */
  discardDraft(): void {
    this.#draft = null;
  }

  async begin(): Promise<void> {
    const draft = this.#draft;
    if (!draft) return;
    await this.#try(async () => {
      const id = await this.#parts.lab.begin(draft.experiment, { copyOf: draft.copyOf });
      if (!draft.live) this.#parts.pauseSimulation();
      await this.#list();
      this.choose(id);
    });
  }

  async liveNodes(): Promise<number | null> {
    return this.#parts.lab.liveNodes();
  }

  pause(id: string): Promise<void> {
    return this.#try(() => this.#parts.lab.pause(id));
  }

  resume(id: string): Promise<void> {
    return this.#try(async () => {
      await this.#parts.lab.resume(id);
      if (!this.#kept.find((each) => each.id === id)?.experiment.live) this.#parts.pauseSimulation();
    });
  }

  cancel(id: string): Promise<void> {
    return this.#try(() => this.#parts.lab.cancel(id));
  }

  async remove(id: string): Promise<void> {
    await this.#try(async () => {
      await this.#parts.lab.remove(id);
      this.#watched[id]?.();
      this.#watched[id] = undefined;
      await this.#list();
      if (this.#kept.length > 0) this.choose(this.#kept[0]!.id);
      else this.compose();
    });
  }

  async openFile(file: File): Promise<void> {
    await this.#try(async () => {
      const { id } = await this.#parts.lab.open(file);
      await this.#list();
      this.choose(id);
    });
  }

  reproduction(id: string): Promise<Blob> {
    return this.#parts.lab.reproduction(id);
  }

  /** A sentence for the page, from work that the caller began. */
  report(error: unknown): void {
    this.#problem = error instanceof Error ? error.message : String(error);
  }

  dismissProblem(): void {
    this.#problem = null;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.#problem = null;
    try {
      await work();
    } catch (error) {
      this.report(error);
    }
  }

  async #list(): Promise<void> {
    const before = this.#kept;
    // What is watched knows better than a list that was read while something changed.
    this.#kept = (await this.#parts.lab.list()).map((each) => ({ ...each, state: before.find(({ id }) => id === each.id)?.state ?? each.state }));
    for (const { id } of this.#kept) {
      this.#watched[id] ??= this.#parts.lab.watch(id, (state) => this.#told(id, state));
    }
  }

  #told(id: string, state: ExperimentState): void {
    const before = this.#kept.find((each) => each.id === id)?.state;
    this.#kept = this.#kept.map((each) => (each.id === id ? { ...each, state } : each));
    if (id !== this.#chosen || (before?.done === state.done && before.kind === state.kind)) return;
    clearTimeout(this.#readLater);
    const waitMs = state.kind === 'running' ? this.#readAtMs + REPORT_EVERY_MS - performance.now() : 0;
    if (waitMs <= 0) void this.#readFindings();
    else this.#readLater = setTimeout(() => void this.#readFindings(), waitMs);
  }

  /** One reading at a time; what came meanwhile is read after it. */
  async #readFindings(): Promise<void> {
    if (this.#reading) {
      this.#readAgain = true;
      return;
    }
    const id = this.#chosen;
    const kept = this.#kept.find((each) => each.id === id);
    if (id === null || !kept) return;
    this.#reading = true;
    this.#readAtMs = performance.now();
    try {
      const { lab } = this.#parts;
      const [results, failures, match, { buildReport }, { metrics }] = await Promise.all([
        lab.results(id),
        lab.failures(id),
        kept.isRerun ? lab.match(id) : null,
        import('../../../lab/report/build-report.ts'),
        import('../../../lab/measure/metrics.ts'),
      ]);
      const doneOfCell = new Array<number>(cellCount(kept.experiment)).fill(0);
      for (const { cell } of results) doneOfCell[cell]! += 1;
      this.#findings = { id, report: results.length > 0 ? buildReport(kept.experiment, results, metrics) : null, failures, doneOfCell, match };
    } catch (error) {
      this.report(error);
    } finally {
      this.#reading = false;
    }
    if (this.#readAgain || this.#chosen !== id) {
      this.#readAgain = false;
      void this.#readFindings();
    }
  }
}
