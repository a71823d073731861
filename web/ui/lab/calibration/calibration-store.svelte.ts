/** One calibration: whose benches, what they are solved to, and what of it is kept or in use. */
import type { BenchBoard } from '../../../lab/calibration/board-bench.ts';
import { readBench, steppedNatively, type BenchFigures } from '../../../lab/calibration/bench-figures.ts';
import { boundProblems, costsOf, overridesFor } from '../../../lab/calibration/edge-costs.ts';
import type { EdgeRuntime } from '../../../lab/calibration/edge-runtime.ts';
import { fitCosts, fittedOverrides, type FitResult } from '../../../lab/calibration/fit-costs.ts';
import { PROFILE_FORMAT, decodeProfile, type MeasuredProfile } from '../../../lab/calibration/measured-profile.ts';
import { predict, type Prediction } from '../../../lab/calibration/predict.ts';
import type { WorkCounts } from '../../../lab/calibration/work-counts.ts';
import { Parameters, type ParameterId, type ParameterOverrides } from '../../../sim/parameters.ts';
import type { CalibrationGuest, CalibrationPort, RunningScenario } from './calibration-port.ts';

export type Asking = { kind: 'idle' } | { kind: 'running'; done: number; total: number } | { kind: 'failed'; reason: string };
export type Counting = { kind: 'none' } | { kind: 'running' } | { kind: 'done'; work: WorkCounts } | { kind: 'failed'; reason: string };

/** Whose figures they are. */
export interface Subject {
  board: string;
  kind: MeasuredProfile['kind'];
  firmware: string | null;
  measuredAt: string;
}

export class CalibrationStore {
  readonly #port: CalibrationPort;
  #boards = $state.raw<BenchBoard[] | null>(null);
  #guests = $state.raw<CalibrationGuest[]>([]);
  #profiles = $state.raw<MeasuredProfile[]>([]);
  #asking = $state.raw<Asking>({ kind: 'idle' });
  #counting = $state.raw<Counting>({ kind: 'none' });
  #subject = $state.raw<Subject | null>(null);
  #benches = $state.raw<BenchFigures[]>([]);
  #guest = $state('');
  #runtime = $state<EdgeRuntime>('fast');
  #nativeSteps = $state(false);
  #problem = $state('');
  #notice = $state('');
  #stop: AbortController | null = null;

  /** The models' own numbers, whatever the running scenario has instead. */
  readonly #before = $derived({ wasm: costsOf(new Parameters(), this.#runtime), native: costsOf(new Parameters(), 'native') });
  readonly #fit = $derived.by((): FitResult | null => {
    if (this.#counting.kind !== 'done' || this.#benches.length === 0) return null;
    return fitCosts({ benches: this.#benches, work: this.#counting.work, runtime: this.#runtime, nativeSteps: this.#nativeSteps, before: this.#before });
  });
  readonly #rows = $derived.by((): Prediction[] => {
    if (this.#counting.kind !== 'done') return [];
    const fits = this.#fit?.ok ? this.#fit.fits : [];
    return predict({ benches: this.#benches, work: this.#counting.work, nativeSteps: this.#nativeSteps, before: this.#before, fits });
  });
  readonly #profile = $derived.by((): MeasuredProfile | null => {
    const subject = this.#subject;
    const guest = this.#guests.find(({ id }) => id === this.#guest);
    if (subject === null || guest === undefined || this.#counting.kind !== 'done' || !this.#fit?.ok) return null;
    return {
      ...subject,
      format: PROFILE_FORMAT,
      id: `${subject.board} ${this.#runtime} ${subject.measuredAt}`,
      runtime: this.#runtime,
      nativeSteps: this.#nativeSteps,
      guest: { name: guest.name, sha256: guest.sha256 },
      work: this.#counting.work,
      benches: [...this.#benches],
      parameters: fittedOverrides(this.#fit.fits, this.#runtime),
    };
  });
  readonly #outOfBounds = $derived(this.#profile ? boundProblems(this.#profile.parameters) : []);

  constructor(port: CalibrationPort) {
    this.#port = port;
  }

  /** Null while they are being looked for. */
  get boards(): BenchBoard[] | null {
    return this.#boards;
  }

  get guests(): CalibrationGuest[] {
    return this.#guests;
  }

  get profiles(): MeasuredProfile[] {
    return this.#profiles;
  }

  get asking(): Asking {
    return this.#asking;
  }

  get counting(): Counting {
    return this.#counting;
  }

  /** Null before there are figures. */
  get subject(): Subject | null {
    return this.#subject;
  }

  get benches(): readonly BenchFigures[] {
    return this.#benches;
  }

  get guest(): string {
    return this.#guest;
  }

  get runtime(): EdgeRuntime {
    return this.#runtime;
  }

  get nativeSteps(): boolean {
    return this.#nativeSteps;
  }

  get before() {
    return this.#before;
  }

  get fit(): FitResult | null {
    return this.#fit;
  }

  get rows(): Prediction[] {
    return this.#rows;
  }

  /** What would be kept or applied; null while nothing is solved. */
  get profile(): MeasuredProfile | null {
    return this.#profile;
  }

  /** Why the models do not take the fitted costs, sentences; empty when they do. */
  get outOfBounds(): string[] {
    return this.#outOfBounds;
  }

  /** What could not be done, a sentence, or empty. */
  get problem(): string {
    return this.#problem;
  }

  /** What was done last, a sentence, or empty. */
  get notice(): string {
    return this.#notice;
  }

  async open(): Promise<void> {
    await this.#try(async () => {
      this.#guests = await this.#port.guests();
      this.#profiles = await this.#port.profiles.list();
    });
    await this.findBoards();
  }

  async findBoards(): Promise<void> {
    this.#boards = null;
    try {
      this.#boards = await this.#port.bench.boards();
    } catch (error) {
      this.#boards = [];
      this.#problem = sentence(error);
    }
  }

  /** Asks the board so many times; what came before a failure or a cancel is kept. */
  async ask(board: BenchBoard, repeats: number): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#begin({ board: board.node, kind: board.kind, firmware: board.firmware, measuredAt: this.#port.now() });
    this.#nativeSteps = false;
    const known = this.#guests.find(({ sha256 }) => sha256 === board.guest?.sha256);
    void this.chooseGuest(known?.id ?? '');
    if (!known && board.guest) this.#notice = `${board.node} runs ${board.guest.name}, which is not among this page's modules: drop its file on the page, then choose it under "Guest that it ran". Without its instructions, which are counted here, no costs follow.`;
    if (!board.guest) this.#notice = `${board.node} does not say which guest it runs: choose it under "Guest that it ran". Without its instructions, which are counted here, no costs follow.`;
    this.#asking = { kind: 'running', done: 0, total: repeats };
    try {
      for (let done = 0; done < repeats; done++) {
        const figures = await this.#port.bench.bench(board.id, stop.signal);
        if (stop.signal.aborted) break;
        if (steppedNatively(board.runtime, figures)) this.#nativeSteps = true;
        this.#benches = [...this.#benches, figures];
        this.#asking = { kind: 'running', done: done + 1, total: repeats };
      }
      if (this.#stop === stop) this.#asking = { kind: 'idle' };
    } catch (error) {
      if (this.#stop === stop) this.#asking = stop.signal.aborted ? { kind: 'idle' } : { kind: 'failed', reason: sentence(error) };
    }
  }

  cancel(): void {
    this.#stop?.abort();
    this.#asking = { kind: 'idle' };
  }

  /** Adds a reply's payload, or several, one on each line. True when they were taken. */
  paste(text: string, board: string): boolean {
    this.#problem = '';
    const lines = text.trim().startsWith('{') && !/}\s*\n\s*{/.test(text) ? [text] : text.split('\n').filter((line) => line.trim() !== '');
    const read = (lines.length === 0 ? [''] : lines).map((line) => readBench(line));
    const bad = read.findIndex(({ ok }) => !ok);
    const refusal = read[bad];
    if (refusal && !refusal.ok) {
      this.#problem = read.length > 1 ? `Line ${bad + 1}: ${refusal.reason}` : refusal.reason;
      return false;
    }
    this.cancel();
    this.#begin({ board: board.trim() || 'unnamed board', kind: 'typed', firmware: null, measuredAt: this.#port.now() });
    this.#benches = read.flatMap((each) => (each.ok ? [each.value] : []));
    if (this.#guest === '' || this.#counting.kind !== 'done') void this.chooseGuest(this.#guest || (this.#guests[0]?.id ?? ''));
    return true;
  }

  async chooseGuest(id: string): Promise<void> {
    this.#guest = id;
    this.#counting = { kind: id === '' ? 'none' : 'running' };
    if (id === '') return;
    try {
      const work = await this.#port.count(id);
      if (this.#guest === id) this.#counting = { kind: 'done', work };
    } catch (error) {
      if (this.#guest === id) this.#counting = { kind: 'failed', reason: sentence(error) };
    }
  }

  chooseRuntime(runtime: EdgeRuntime): void {
    this.#runtime = runtime;
  }

  chooseNativeSteps(native: boolean): void {
    this.#nativeSteps = native;
  }

  inUse({ parameters, runtime }: MeasuredProfile, now: ParameterOverrides): boolean {
    return Object.entries(overridesFor(parameters, runtime)).every(([id, value]) => now[id as ParameterId] === value || (now[id as ParameterId] === undefined && new Parameters().get(id as ParameterId) === value));
  }

  async apply(profile: MeasuredProfile, scenario: RunningScenario): Promise<void> {
    const problems = boundProblems(profile.parameters);
    if (problems.length > 0) {
      this.#problem = problems.join(' ');
      return;
    }
    await this.#try(async () => {
      await scenario.apply({ ...scenario.parameters, ...overridesFor(profile.parameters, profile.runtime) });
      this.#notice = `The scenario started again with the costs of ${profile.board}.`;
    });
  }

  async withdraw(profile: MeasuredProfile, scenario: RunningScenario): Promise<void> {
    const own = Object.keys(overridesFor(profile.parameters, profile.runtime));
    const rest = Object.entries(scenario.parameters).filter(([id]) => !own.includes(id));
    await this.#try(async () => {
      await scenario.apply(Object.fromEntries(rest) as ParameterOverrides);
      this.#notice = 'The scenario started again with the costs of the literature.';
    });
  }

  async keep(profile: MeasuredProfile): Promise<void> {
    await this.#try(async () => {
      await this.#port.profiles.keep(profile);
      this.#profiles = await this.#port.profiles.list();
      this.#notice = `The profile of ${profile.board} is kept in this browser.`;
    });
  }

  async remove(profile: MeasuredProfile): Promise<void> {
    await this.#try(async () => {
      await this.#port.profiles.remove(profile.id);
      this.#profiles = await this.#port.profiles.list();
      this.#notice = `The profile of ${profile.board} is removed.`;
    });
  }

  async import(file: File): Promise<void> {
    await this.#try(async () => {
      const read = decodeProfile(await file.text());
      if (!read.ok) throw new Error(`${file.name}: ${read.reason}`);
      await this.keep(read.value);
      this.show(read.value);
    });
  }

  /** Brings back a kept calibration with all it was made from. */
  show(profile: MeasuredProfile): void {
    const { board, kind, firmware, measuredAt, benches, runtime, nativeSteps, work } = profile;
    this.cancel();
    this.#begin({ board, kind, firmware, measuredAt });
    this.#benches = benches;
    this.#runtime = runtime;
    this.#nativeSteps = nativeSteps;
    this.#guest = this.#guests.find(({ sha256 }) => sha256 === profile.guest.sha256)?.id ?? '';
    this.#counting = { kind: 'done', work };
  }

  #begin(subject: Subject): void {
    this.#subject = subject;
    this.#benches = [];
    this.#problem = '';
    this.#notice = '';
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.#problem = '';
    this.#notice = '';
    try {
      await work();
    } catch (error) {
      this.#problem = sentence(error);
    }
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const stores = new WeakMap<CalibrationPort, CalibrationStore>();

/** Benches go on, and figures stay, while another tab is shown. */
export function calibrationStore(port: CalibrationPort): CalibrationStore {
  const store = stores.get(port) ?? new CalibrationStore(port);
  stores.set(port, store);
  return store;
}
