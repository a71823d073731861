/** Two modules side by side, and what was found of them. */
import type { BenchBoard } from '../../../lab/calibration/board-bench.ts';
import { boardTimes } from '../../../lab/compare/board-times.ts';
import type {
  BehaviourReport,
  BoardTimes,
  ColdStartReport,
  ComparedModule,
  Disassembly,
  Inspection,
  PortabilityRow,
  RunCost,
  RuntimeFacts,
  TimesReport,
} from '../../../lab/compare/compare-port.ts';
import type { RuntimeId } from '../../../lab/runtimes/runtime.ts';
import type { GuestsPort } from './guests-port.ts';
import { Job } from './job.svelte.ts';

export type Side = 'a' | 'b';
export const sides = ['a', 'b'] as const satisfies Side[];

/** Found of one module, whatever it stands beside. */
export interface ModuleFindings {
  inspection: Job<Inspection>;
  cost: Job<RunCost>;
  code: Job<Disassembly>;
}

/** The same inputs whenever the tab is opened; another seed is another sample. */
const SEED = 2026;
/** Enough for a steady mean of what a call retires. */
const COST_ORDER = { inputs: 500, steps: 40, seed: SEED };

export class GuestsStore {
  readonly behaviour = new Job<BehaviourReport>();
  readonly times = new Job<TimesReport>();
  readonly coldStarts = new Job<ColdStartReport>();
  readonly portability = new Job<readonly PortabilityRow[]>();
  readonly board = new Job<BoardTimes>();
  readonly #port: GuestsPort;
  readonly #findings: Record<string, ModuleFindings> = {};
  #modules = $state.raw<ComparedModule[]>([]);
  #ids = $state.raw<Record<Side, string>>({ a: '', b: '' });
  #chosen = $state.raw<readonly RuntimeId[]>([]);
  #boards = $state.raw<BenchBoard[] | null>(null);
  #problem = $state('');

  readonly #a = $derived(this.#modules.find(({ id }) => id === this.#ids.a) ?? null);
  readonly #b = $derived(this.#modules.find(({ id }) => id === this.#ids.b) ?? null);

  constructor(port: GuestsPort) {
    this.#port = port;
    // Wasmer has to be loaded, so it is measured only when it was asked for.
    this.#chosen = port.compare.runtimes().flatMap(({ id }) => (id === 'wasmer' ? [] : [id]));
  }

  get modules(): ComparedModule[] {
    return this.#modules;
  }

  get a(): ComparedModule | null {
    return this.#a;
  }

  get b(): ComparedModule | null {
    return this.#b;
  }

  get pair(): ComparedModule[] {
    return [this.#a, this.#b].filter((module) => module !== null);
  }

  get runtimes(): readonly RuntimeFacts[] {
    return this.#port.compare.runtimes();
  }

  /** Runtimes that times and cold starts are measured on. */
  get chosen(): readonly RuntimeId[] {
    return this.#chosen;
  }

  /** Null until they were looked for. */
  get boards(): BenchBoard[] | null {
    return this.#boards;
  }

  get problem(): string {
    return this.#problem;
  }

  /** Null while no module is there. */
  findings(module: ComparedModule | null): ModuleFindings | null {
    return module === null ? null : (this.#findings[module.id] ?? null);
  }

  /** Modules that were added to the page since are taken in; what was found stays. */
  async open(): Promise<void> {
    try {
      const modules = await this.#port.modules();
      const first = this.#modules.length === 0;
      this.#take([...modules, ...this.#modules]);
      if (first) this.#choose({ a: modules[0]?.id ?? '', b: (modules[1] ?? modules[0])?.id ?? '' });
    } catch (error) {
      this.#problem = sentence(error);
    }
  }

  choose(side: Side, id: string): void {
    this.#choose({ ...this.#ids, [side]: id });
  }

  swap(): void {
    this.#choose({ a: this.#ids.b, b: this.#ids.a });
  }

  /** One file takes the place of `side`; of two or more the first two are compared. */
  async add(files: readonly File[], side: Side): Promise<void> {
    this.#problem = '';
    try {
      const added = await Promise.all(files.slice(0, 2).map((file) => this.#port.read(file)));
      this.#take([...this.#modules, ...added]);
      const [first, second] = added;
      if (first && second) this.#choose({ a: first.id, b: second.id });
      else if (first) this.choose(side, first.id);
    } catch (error) {
      this.#problem = sentence(error);
    }
  }

  chooseRuntime(id: RuntimeId, wanted: boolean): void {
    this.#chosen = this.runtimes.flatMap((each) => ((each.id === id ? wanted : this.#chosen.includes(each.id)) ? [each.id] : []));
  }

  /** Disassembles both, where that was not done yet. */
  showCode(): void {
    for (const module of this.pair) {
      const code = this.findings(module)?.code;
      if (code?.state.kind === 'idle') void code.run(() => this.#port.compare.disassemble(module));
    }
  }

  compareBehaviour(inputs: number, steps: number): void {
    const { a, b } = this;
    if (a && b) void this.behaviour.run((work) => this.#port.compare.behaviour(a, b, { inputs, steps, seed: SEED }, work));
  }

  measureTimes(batches: number, batchMs: number): void {
    const runtimes = this.#chosen;
    void this.times.run((work) => this.#port.compare.times(this.pair, { runtimes, batches, batchMs, seed: SEED }, work));
  }

  measureColdStarts(repeats: number): void {
    const runtimes = this.#chosen;
    void this.coldStarts.run((work) => this.#port.compare.coldStarts(this.pair, { runtimes, repeats }, work));
  }

  tryEverywhere(): void {
    void this.portability.run((work) => this.#port.compare.portability(this.pair, work));
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

  askBoard(board: BenchBoard): void {
    void this.board.run(async ({ signal }): Promise<BoardTimes> => {
      return boardTimes(board, await this.#port.bench.bench(board.id, signal));
    });
  }

  #take(modules: readonly ComparedModule[]): void {
    for (const { id } of modules) this.#findings[id] ??= { inspection: new Job(), cost: new Job(), code: new Job() };
    // The same file may be chosen twice.
    this.#modules = modules.filter(({ id }, at) => modules.findIndex((each) => each.id === id) === at);
  }

  #choose(ids: Record<Side, string>): void {
    this.#ids = ids;
    for (const job of [this.behaviour, this.times, this.coldStarts, this.portability]) job.reset();
    for (const module of this.pair) {
      const findings = this.findings(module);
      if (!findings) continue;
      if (findings.inspection.state.kind === 'idle') void findings.inspection.run(() => this.#port.compare.inspect(module));
      // One that was called off or failed is tried again with the next choice.
      if (!findings.cost.running && !findings.cost.result) void findings.cost.run((work) => this.#port.compare.cost(module, COST_ORDER, work));
    }
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const stores = new WeakMap<GuestsPort, GuestsStore>();

/** Work goes on, and findings stay, while another tab is shown. */
export function guestsStore(port: GuestsPort): GuestsStore {
  const store = stores.get(port) ?? new GuestsStore(port);
  stores.set(port, store);
  return store;
}
