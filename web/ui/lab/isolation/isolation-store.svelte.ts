/** The findings on hostile guests so far, and the run that adds to them. */
import {
  isContained,
  type Finding,
  type HostileGuest,
  type IsolationPort,
  type IsolationRuntime,
  type IsolationRuntimeId,
  type IsolationState,
} from '../../../lab/isolation/isolation-port.ts';

export type Showing = 'all' | 'not-contained' | 'missing';

export interface Selection {
  guest: string;
  runtime: IsolationRuntimeId;
}

export interface Tally {
  contained: number;
  notContained: number;
  notRun: number;
  /** No finding yet. */
  open: number;
}

/** Of each variant: enough to see a spread, few enough to wait for. */
const REPEATS = 3;

export class IsolationStore {
  readonly #port: IsolationPort;
  #findings = $state.raw<Readonly<Record<string, Finding>>>({});
  #state = $state.raw<IsolationState>({ kind: 'idle' });
  #absent = $state.raw<Readonly<Partial<Record<IsolationRuntimeId, string | null>>>>({});
  #chosen = $state.raw<readonly IsolationRuntimeId[]>([]);
  #selected = $state.raw<Selection | null>(null);
  #showing = $state<Showing>('all');
  #preparing = $state(false);
  #problem = $state('');
  #cancel: (() => void) | null = null;
  #loading: Promise<string | null> = Promise.resolve(null);

  readonly #shown = $derived.by((): HostileGuest[] =>
    this.guests.filter((guest) => {
      if (this.#showing === 'all') return true;
      return this.runtimes.some((runtime) => {
        const finding = this.finding(guest.id, runtime.id);
        return this.#showing === 'missing' ? finding === null && this.applies(guest, runtime.id) : finding?.outcome.kind === 'not-contained';
      });
    }),
  );

  constructor(port: IsolationPort) {
    this.#port = port;
    // Wasmer has to be loaded, so it is run only when it was asked for.
    this.#chosen = port.runtimes.flatMap(({ basis, id }) => (basis === 'here' && id !== 'wasmer' ? [id] : []));
  }

  get guests(): readonly HostileGuest[] {
    return this.#port.guests;
  }

  get runtimes(): readonly IsolationRuntime[] {
    return this.#port.runtimes;
  }

  get state(): IsolationState {
    return this.#state;
  }

  get running(): boolean {
    return this.#preparing || this.#state.kind === 'running';
  }

  /** A runtime is being loaded. */
  get preparing(): boolean {
    return this.#preparing;
  }

  /** Runtimes that the next run takes in. */
  get chosen(): readonly IsolationRuntimeId[] {
    return this.#chosen;
  }

  /** Why a runtime cannot be had here, sentences; null for one that can. */
  get absent(): Readonly<Partial<Record<IsolationRuntimeId, string | null>>> {
    return this.#absent;
  }

  get selected(): Selection | null {
    return this.#selected;
  }

  get showing(): Showing {
    return this.#showing;
  }

  /** Hostile guests that the filter lets through. */
  get shown(): HostileGuest[] {
    return this.#shown;
  }

  get problem(): string {
    return this.#problem;
  }

  finding(guest: string, runtime: IsolationRuntimeId): Finding | null {
    return this.#findings[key(guest, runtime)] ?? null;
  }

  /** Whether it exists in a form that this runtime takes. */
  applies({ forms }: HostileGuest, runtime: IsolationRuntimeId): boolean {
    return forms.includes(runtime === 'wasmer' ? 'wasi' : 'env');
  }

  tally(runtime: IsolationRuntimeId): Tally {
    const tally: Tally = { contained: 0, notContained: 0, notRun: 0, open: 0 };
    for (const guest of this.guests) {
      const finding = this.finding(guest.id, runtime);
      if (finding === null) tally.open += this.applies(guest, runtime) ? 1 : 0;
      else if (isContained(finding.outcome)) tally.contained++;
      else if (finding.outcome.kind === 'not-contained') tally.notContained++;
      else tally.notRun++;
    }
    return tally;
  }

  async open(): Promise<void> {
    if (Object.keys(this.#findings).length > 0) return;
    try {
      this.#add(await this.#port.known());
    } catch (error) {
      this.#problem = sentence(error);
    }
  }

  choose(runtime: IsolationRuntimeId, wanted: boolean): void {
    this.#chosen = this.runtimes.flatMap(({ id }) => ((id === runtime ? wanted : this.#chosen.includes(id)) ? [id] : []));
  }

  show(showing: Showing): void {
    this.#showing = showing;
  }

  select(selection: Selection | null): void {
    this.#selected = selection;
  }

  /** @param guest one of them, or null for all */
  async run(guest: string | null, runtimes: readonly IsolationRuntimeId[]): Promise<void> {
    if (this.running) return;
    this.#problem = '';
    this.#preparing = true;
    let cancelled = false;
    this.#cancel = () => {
      cancelled = true;
      this.#preparing = false;
    };
    const reasons: (string | null)[] = [];
    for (const id of runtimes) {
      reasons.push(await this.#ready(id));
      // What was being loaded is there for the next run.
      if (cancelled) return;
    }
    const ready = runtimes.filter((_, at) => reasons[at] === null);
    this.#absent = { ...this.#absent, ...Object.fromEntries(runtimes.map((id, at) => [id, reasons[at]])) };
    this.#preparing = false;
    if (ready.length === 0) return;
    try {
      this.#cancel = this.#port.run(
        { runtimes: ready, guests: guest === null ? null : [guest], repeats: REPEATS },
        (state) => (this.#state = state),
        (finding) => this.#add([finding]),
      );
    } catch (error) {
      this.#problem = sentence(error);
    }
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  /** One after the other, also over a cancelled run: several of them may share a thread that the first begins. */
  #ready(id: IsolationRuntimeId): Promise<string | null> {
    return (this.#loading = this.#loading.then(() => this.#port.ready(id)).catch(sentence));
  }

  #add(found: readonly Finding[]): void {
    this.#findings = { ...this.#findings, ...Object.fromEntries(found.map((finding) => [key(finding.guest, finding.runtime), finding])) };
  }
}

function key(guest: string, runtime: IsolationRuntimeId): string {
  return `${guest} ${runtime}`;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const stores = new WeakMap<IsolationPort, IsolationStore>();

/** A run goes on, and findings stay, while another tab is shown. */
export function isolationStore(port: IsolationPort): IsolationStore {
  const store = stores.get(port) ?? new IsolationStore(port);
  stores.set(port, store);
  return store;
}
