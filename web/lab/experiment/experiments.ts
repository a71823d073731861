/** The lab: experiments that this browser keeps, of which one at a time is worked on in this tab. */
import { checkExperiment } from './experiment-file.ts';
import { ExperimentSession, runsToDo } from './experiment-session.ts';
import type { Experiment, RunFailure, RunResult } from './experiment.ts';
import type { CompanionRow, ExperimentRow } from './lab-database.ts';
import type { BeginOptions, ExperimentState, KeptExperiment, LabFile, LabPort, OpenedFile, OpenOptions, WorkOptions } from './lab-port.ts';
import { choices, openFile, type Opened } from './open-file.ts';
import type { OutcomeStore } from './outcome-store.ts';
import type { PageFacts } from './page-facts.ts';
import { reproduce } from './reproduce.ts';
import { matchOutcomes, type Outcomes, type RerunMatch } from './rerun-match.ts';
import type { LabModule, OpenRunWorker, RunWorker } from './run-worker.ts';
import { heldInSomeTab, holdInThisTab, type Release } from './tab-lock.ts';
import { workerCount } from './worker-count.ts';

export interface LabParts {
  store: OutcomeStore;
  openWorker: OpenRunWorker;
  /** The fleet that runs in the page. Rejects with a sentence when it cannot be asked. */
  openLive(): Promise<LiveSite>;
  page: PageFacts;
  /** Milliseconds of a clock that never goes back. */
  nowMs(): number;
}

/** What carries out the runs of live experiments. */
export interface LiveSite {
  nodes: number;
  worker: RunWorker;
}

/** What an experiment is gone on with from. */
interface Known {
  row: ExperimentRow;
  companion: CompanionRow;
  before: Outcomes;
  /** Whether the store has all of this already. */
  saved: boolean;
}

/** A page that works is drawn again this often; what another tab does is looked up less often. */
const TELL_MS = 250;
const LOOK_MS = 1000;

const builtIn: readonly string[] = ['c', 'rust'];

export class Experiments implements LabPort {
  readonly #parts: LabParts;
  readonly #sessions = new Map<string, ExperimentSession>();
  /** Opened from files when nothing could be stored. */
  readonly #unstored = new Map<string, { row: ExperimentRow; companion: CompanionRow }>();

  constructor(parts: LabParts) {
    this.#parts = parts;
  }

  /** Whether results would go with this page, since the browser does not keep them. */
  get onlyHere(): boolean {
    return [...this.#sessions.values()].some((session) => session.onlyHere);
  }

  async list(): Promise<KeptExperiment[]> {
    const rows = new Map<string, ExperimentRow>();
    for (const row of await this.#parts.store.list().catch(() => [])) rows.set(row.id, row);
    for (const { row } of [...this.#unstored.values(), ...this.#sessions.values()]) rows.set(row.id, row);
    const elsewhere = await heldInSomeTab([...rows.keys()]);
    const sorted = [...rows.values()].sort((a, b) => b.begunAtMs - a.begunAtMs);
    return Promise.all(
      sorted.map(async (row) => {
        const { id, experiment, begunAtMs, isRerun, notes } = row;
        return { id, experiment, begunAt: new Date(begunAtMs).toISOString(), isRerun, notes, state: await this.#stateOf(row, elsewhere) };
      }),
    );
  }

  liveNodes(): Promise<number | null> {
    return this.#parts.openLive().then(
      ({ nodes }) => nodes,
      () => null,
    );
  }

  async begin(wanted: Experiment, { copyOf = null, ...options }: BeginOptions = {}): Promise<string> {
    const checked = checkExperiment(wanted, choices);
    if (!checked.ok) throw new Error(checked.problems.join(' '));
    this.#mayRun();
    const { experiment } = checked;
    const { modules: copied, pinned, notes } = await this.#broughtBy(copyOf, experiment);
    const modules = [...copied, ...(await this.#modulesFor(experiment, copied))];
    const { row, companion } = this.#newRow({ experiment, brought: null, modules, pinned, notes });
    await this.#work(row.id, options, () => Promise.resolve({ row, companion, before: { results: [], failures: [] }, saved: false }));
    return row.id;
  }

  async pause(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    if (session) session.pause();
    else if ((await heldInSomeTab([id])).has(id)) throw new Error('Another tab works on this experiment; pause it there.');
  }

  async resume(id: string, options: WorkOptions = {}): Promise<void> {
    const session = this.#sessions.get(id);
    if (session?.running) return;
    this.#mayRun();
    if (session?.open) {
      session.goOn();
      return;
    }
    // One that was just cancelled still writes.
    await session?.ended;
    await this.#work(id, options, async () => {
      const { row, companion, saved } = await this.#find(id);
      const { results } = await this.#outcomes(id);
      await this.#parts.store.forgetFailures(id).catch(() => undefined);
      return { row: { ...row, status: 'open', reason: null }, companion, before: { results, failures: [] }, saved };
    });
  }

  async cancel(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    if (session) {
      session.cancel();
      return;
    }
    const free = await holdInThisTab(id);
    if (!free) throw new Error('Another tab works on this experiment; cancel it there.');
    try {
      const row = await this.#parts.store.get(id);
      if (row?.status === 'open' || row?.status === 'idle') await this.#parts.store.keep(id, { status: 'cancelled' });
    } finally {
      await free();
    }
  }

  async remove(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    if (!session?.open && (await heldInSomeTab([id])).has(id)) throw new Error('Another tab works on this experiment; remove it there.');
    session?.cancel();
    await session?.ended;
    this.#sessions.delete(id);
    this.#unstored.delete(id);
    await this.#parts.store.remove(id);
  }

  async results(id: string): Promise<RunResult[]> {
    return [...(await this.#outcomes(id)).results];
  }

  async failures(id: string): Promise<RunFailure[]> {
    return [...(await this.#outcomes(id)).failures];
  }

  watch(id: string, told: (state: ExperimentState, done: number) => void): () => void {
    let ended = false;
    let last = '';
    const look = async (): Promise<void> => {
      const state = await this.#lookUp(id).catch(() => null);
      if (ended) return;
      const text = JSON.stringify(state);
      if (state && text !== last) told(state, state.done);
      last = text;
      setTimeout(() => void (ended || look()), this.#sessions.has(id) ? TELL_MS : LOOK_MS);
    };
    void look();
    return () => (ended = true);
  }

  async match(id: string): Promise<RerunMatch | null> {
    const { row, companion } = await this.#find(id);
    return companion.brought && !row.experiment.live ? matchOutcomes(companion.brought, await this.#outcomes(id)) : null;
  }

  async broughtResults(id: string): Promise<RunResult[]> {
    const { companion } = await this.#find(id);
    return [...(companion.brought?.results ?? [])];
  }

  async reproduction(id: string): Promise<Blob> {
    const { row, companion } = await this.#find(id);
    const text = await reproduce(row, companion, await this.#outcomes(id), this.#parts.page);
    return new Blob([text], { type: 'application/json' });
  }

  async reportFiles(id: string): Promise<LabFile[]> {
    const { row } = await this.#find(id);
    const { reportFiles } = await import('./report-files.ts');
    return reportFiles(row.experiment, await this.results(id));
  }

  async open(file: Blob, { replications = Infinity }: OpenOptions = {}): Promise<OpenedFile> {
    const opened = shortened(await openFile(file, this.#parts.page), replications);
    const { row, companion } = this.#newRow({ ...opened, modules: opened.brought ? opened.modules : await this.#modulesFor(opened.experiment) });
    row.status = 'idle';
    try {
      await this.#parts.store.add(row, companion);
    } catch {
      // It can be run all the same; its session says that nothing is kept.
      this.#unstored.set(row.id, { row, companion });
    }
    return { id: row.id, withResults: opened.brought !== null, notes: opened.notes };
  }

  #newRow({ experiment, brought, modules, pinned, notes }: Opened): { row: ExperimentRow; companion: CompanionRow } {
    const id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const isRerun = brought !== null;
    const total = runsToDo({ experiment, isRerun }, brought).length;
    return {
      row: { id, begunAtMs: Date.now(), experiment, status: 'open', reason: null, elapsedS: 0, total, isRerun, notes, pinned },
      companion: { id, modules, brought },
    };
  }

  #mayRun(): void {
    const running = [...this.#sessions.values()].find((session) => session.running);
    if (running) throw new Error(`“${running.row.experiment.name}” is running: pause or cancel it first.`);
  }

  /** What a copy takes over of the experiment that it was made from. */
  async #broughtBy(id: string | null, { factors, live }: Experiment): Promise<Pick<Opened, 'modules' | 'pinned' | 'notes'>> {
    if (id === null || live) return { modules: [], pinned: {}, notes: [] };
    const { row: { experiment: { name }, pinned }, companion } = await this.#find(id);
    const modules = companion.modules.filter(({ id: guest }) => factors.guest.includes(guest));
    const values = Object.keys(pinned).length;
    const notes: string[] = [];
    if (values > 0) notes.push(`${values === 1 ? 'One parameter of the models has the value' : `${values} parameters of the models have the values`} of “${name}”, not of this version of the page.`);
    for (const module of modules) if (builtIn.includes(module.id)) notes.push(`It runs the build of ${module.name} that came with “${name}”, not the page’s own.`);
    return { modules, pinned, notes };
  }

  async #modulesFor({ factors }: Experiment, here: readonly LabModule[] = []): Promise<LabModule[]> {
    const modules: LabModule[] = [];
    const known = [...builtIn, ...here.map(({ id }) => id)];
    for (const id of factors.guest.filter((each) => !known.includes(each))) {
      const module = await this.#parts.page.module(id);
      if (!module) throw new Error(`The module ${id.slice(0, 12)}… is not here: drop its file on the page, then try again.`);
      if (!module.shipped) modules.push({ id, name: module.name, bytes: module.bytes });
    }
    return modules;
  }

  /**
   * Resolves when it has been begun.
   * @param find what is known of it; asked once no other tab works on it
   */
  async #work(id: string, options: WorkOptions, find: () => Promise<Known>): Promise<void> {
    const release = await holdInThisTab(id);
    if (!release) throw new Error('Another tab works on this experiment already.');
    try {
      const known = await find();
      this.#mayRun();
      this.#begin(known, options, release);
    } catch (error) {
      await release();
      throw error;
    }
  }

  #begin({ row, companion, before, saved }: Known, options: WorkOptions, release: Release): void {
    const { store, page, nowMs } = this.#parts;
    const { live, factors } = row.experiment;
    const openWorker: OpenRunWorker = live ? () => this.#openLive(factors.nodes[0]!) : this.#parts.openWorker;
    const workers = live ? 1 : (options.workers ?? workerCount(page.cores, Math.max(...factors.nodes)));
    const session = new ExperimentSession(row, companion, before, saved, { store, openWorker, workers, nowMs, release });
    this.#unstored.delete(row.id);
    this.#sessions.set(row.id, session);
    session.begin();
    void session.ended.then(() => {
      // From now on the store tells of it, to which other tabs may add; what it could not take stays here.
      if (session.saved && this.#sessions.get(row.id) === session) this.#sessions.delete(row.id);
    });
  }

  async #openLive(wanted: number): Promise<RunWorker> {
    const { nodes, worker } = await this.#parts.openLive();
    if (nodes !== wanted) throw new Error(`The fleet of the page has ${nodes} edge nodes and the experiment says ${wanted}: change one of them.`);
    return worker;
  }

  async #find(id: string): Promise<{ row: ExperimentRow; companion: CompanionRow; saved: boolean }> {
    const here = this.#sessions.get(id) ?? this.#unstored.get(id);
    if (here) return { row: here.row, companion: here.companion, saved: here instanceof ExperimentSession && here.saved };
    const row = await this.#parts.store.get(id);
    if (!row) throw new Error('This experiment is not here any more.');
    return { row, companion: await this.#parts.store.companion(id), saved: true };
  }

  async #outcomes(id: string): Promise<Outcomes> {
    return this.#sessions.get(id)?.outcomes ?? (await this.#stored(id));
  }

  #stored(id: string): Promise<Outcomes> {
    return this.#unstored.has(id) ? Promise.resolve({ results: [], failures: [] }) : this.#parts.store.outcomes(id);
  }

  async #lookUp(id: string): Promise<ExperimentState | null> {
    const session = this.#sessions.get(id);
    if (session) return session.state;
    const row = this.#unstored.get(id)?.row ?? (await this.#parts.store.get(id));
    return row ? this.#stateOf(row, await heldInSomeTab([id])) : null;
  }

  async #stateOf(row: ExperimentRow, elsewhere: ReadonlySet<string>): Promise<ExperimentState> {
    const session = this.#sessions.get(row.id);
    if (session) return session.state;
    const { status, total, elapsedS, reason } = row;
    const counts = this.#unstored.has(row.id) ? { done: 0, failed: 0 } : await this.#parts.store.counts(row.id);
    const progress = { ...counts, total };
    if (elsewhere.has(row.id)) return { kind: 'elsewhere', ...progress };
    switch (status) {
      case 'open':
        return { kind: 'paused', ...progress, elapsedS, leftS: null, now: [], problem: null };
      case 'done':
        return { kind: 'done', ...progress, elapsedS, problem: null };
      case 'failed':
        return { kind: 'failed', reason: reason ?? '', ...progress, problem: null };
      case 'cancelled':
        return { kind: 'cancelled', ...progress, problem: null };
      default:
        return { kind: status, ...progress };
    }
  }
}

/** The seeds of the first replications stay, so what is left can be compared with the whole. */
function shortened(opened: Opened, replications: number): Opened {
  const { experiment, brought } = opened;
  const first = <T extends { replication: number }>(outcomes: readonly T[]): T[] => outcomes.filter(({ replication }) => replication < replications);
  return {
    ...opened,
    experiment: { ...experiment, replications: Math.min(experiment.replications, replications) },
    brought: brought && { results: first(brought.results), failures: first(brought.failures) },
  };
}
