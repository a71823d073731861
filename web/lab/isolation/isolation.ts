/** Runs hostile guests on the runtimes of this page, one after the other, and tells what came of it. */
import { threadLimits } from '../../guest/thread-limits.ts';
import { CellClient, type CellWorker } from './cell-client.ts';
import type { CellRuntime, NeighbourSeen } from './cell-messages.ts';
import { hostileBytes, hostileGuests } from './hostile-modules.ts';
import type { HostileForm, HostileGuest } from './hostile-guest.ts';
import type { Finding, IsolationOrder, IsolationPort, IsolationRuntime, IsolationRuntimeId, IsolationState, NeighbourReport, VariantFinding } from './isolation-port.ts';
import { judge, type Noticers, type Observation } from './observation.ts';
import { worstOf } from './outcome.ts';
import { spreadOf } from './spread.ts';
import { refused, transformedProblem } from './transformed-run.ts';
import type { WasmerCell } from './wasmer-cell.ts';

export interface IsolationParts {
  /** A worker in which `serveCell` was called. */
  newCell(): CellWorker;
  wasmer: WasmerCell;
  runtimes: readonly IsolationRuntime[];
  /** Findings of the tests, and stated ones. */
  known(): Promise<readonly Finding[]>;
  nowMs(): number;
}

/** A cell comes up, or answers a question that is no run, within this. */
const OPEN_MS = 20_000;
/** What shares a thread must have spent its budget long before this. */
const SHARED_MS = 30_000;
/** A run that took longer is not repeated: it tells little more, and takes all the time. */
const REPEAT_BELOW_MS = 300;
const RESTING_MS = 300;

const noticers: Readonly<Record<CellRuntime | 'wasmer', Noticers>> = {
  browser: { outOfBounds: 'engine', budget: 'watchdog' },
  transformed: { outOfBounds: 'transform', budget: 'transform' },
  node: { outOfBounds: 'transform', budget: 'transform' },
  wasmer: { outOfBounds: 'engine', budget: 'watchdog' },
};

const formOf = (runtime: IsolationRuntimeId): HostileForm => (runtime === 'wasmer' ? 'wasi' : 'env');

class Cancelled extends Error {}

export class Isolation implements IsolationPort {
  readonly guests = hostileGuests;
  readonly #parts: IsolationParts;
  #cell: CellClient | null = null;
  #neighbour: CellClient | null = null;
  /** The longest gap of an honest guest beside nobody, milliseconds. */
  #restingGapMs = 0;
  #running: { cancelled: boolean } | null = null;

  constructor(parts: IsolationParts) {
    this.#parts = parts;
  }

  get runtimes(): readonly IsolationRuntime[] {
    return this.#parts.runtimes;
  }

  async ready(runtime: IsolationRuntimeId): Promise<string | null> {
    switch (runtime) {
      case 'wasmer':
        return this.#parts.wasmer.ready();
      case 'wamr':
      case 'native':
        return 'It is not run in this page.';
      case 'transformed':
      case 'node': {
        const problem = transformedProblem();
        if (problem !== null) return problem;
      }
    }
    try {
      await this.#openCell();
      return null;
    } catch (error) {
      return messageOf(error);
    }
  }

  known(): Promise<readonly Finding[]> {
    return this.#parts.known();
  }

  run(order: IsolationOrder, told: (state: IsolationState) => void, found: (finding: Finding) => void): () => void {
    if (this.#running) throw new Error('Hostile guests are being run already. Cancel that run first.');
    const running = { cancelled: false };
    this.#running = running;
    const progress = { done: 0, total: 0 };
    void this.#run(order, running, progress, told, found)
      .then((elapsedS): IsolationState => ({ kind: 'done', elapsedS }))
      .catch((error: unknown): IsolationState =>
        running.cancelled ? { kind: 'cancelled', ...progress } : { kind: 'failed', reason: messageOf(error) },
      )
      .then((state) => {
        this.#endCells();
        this.#running = null;
        told(state);
      });
    return () => {
      running.cancelled = true;
      this.#endCells();
    };
  }

  async #run(
    { runtimes, guests, repeats }: IsolationOrder,
    running: { cancelled: boolean },
    progress: { done: number; total: number },
    told: (state: IsolationState) => void,
    found: (finding: Finding) => void,
  ): Promise<number> {
    const { nowMs } = this.#parts;
    const began = nowMs();
    const chosen = hostileGuests.filter(({ id }) => guests === null || guests.includes(id));
    const work = runtimes.flatMap((runtime) => chosen.filter(({ forms }) => forms.includes(formOf(runtime))).map((guest) => ({ runtime, guest })));
    progress.total = work.reduce((sum, { guest }) => sum + guest.variants.length, 0);
    for (const { runtime, guest } of work) {
      const variants: VariantFinding[] = [];
      for (const { id } of guest.variants) {
        if (running.cancelled) throw new Cancelled();
        told({ kind: 'running', ...progress, guest: guest.id, runtime, elapsedS: (nowMs() - began) / 1000 });
        const finding = await this.#try(runtime as CellRuntime | 'wasmer', guest, id, Math.max(1, repeats), running);
        variants.push(finding);
        progress.done += 1;
      }
      found({ guest: guest.id, runtime, outcome: worstOf(variants.map(({ outcome }) => outcome)), variants });
    }
    return (nowMs() - began) / 1000;
  }

  async #try(runtime: CellRuntime | 'wasmer', guest: HostileGuest, variant: string, repeats: number, running: { cancelled: boolean }): Promise<VariantFinding> {
    const timesMs: number[] = [];
    const observations: Observation[] = [];
    if (runtime === 'browser') await this.#beginNeighbour();
    while (observations.length < repeats) {
      const observation = runtime === 'wasmer' ? await this.#parts.wasmer.run(hostileBytes(guest.id, variant, 'wasi'), guest.group === 'pointers' || guest.group === 'rights') : await this.#inCell(runtime, guest.id, variant);
      if (running.cancelled) throw new Cancelled();
      observations.push(observation);
      if (observation.noticedMs !== null) timesMs.push(observation.noticedMs);
      if (observation.noticedMs === null || observation.noticedMs > REPEAT_BELOW_MS || observation.end.kind === 'host-failed') break;
    }
    const beside = runtime === 'browser' ? await this.#reportNeighbour() : null;
    const judged = observations.map((observation) => ({ ...observation, neighbours: beside ?? observation.neighbours }));
    const outcome = worstOf(judged.map((observation) => judge(guest, observation, noticers[runtime])));
    return { variant, outcome, noticed: spreadOf(timesMs), neighbours: worstNeighbours(judged) };
  }

  async #inCell(runtime: CellRuntime, guest: string, variant: string): Promise<Observation> {
    const cell = await this.#openCell();
    const limitMs = runtime === 'browser' ? threadLimits.sliceMs : SHARED_MS;
    const began = this.#parts.nowMs();
    const answer = await cell.ask({ kind: 'run', runtime, guest, variant }, limitMs);
    const tookMs = this.#parts.nowMs() - began;
    switch (answer.kind) {
      case 'observed':
        return answer.observation;
      case 'silent':
        if (runtime === 'browser') return { ...refused('', tookMs), end: { kind: 'silent', afterMs: limitMs } };
        return { ...refused('', tookMs), end: { kind: 'host-failed', said: `it gave no sign for ${limitMs / 1000} s and was ended with all who shared its thread.` } };
      default:
        cell.end();
        return { ...refused('', 0), noticedMs: null, end: { kind: 'host-failed', said: answer.kind === 'failed' ? answer.reason : 'it answered something else.' } };
    }
  }

  async #openCell(): Promise<CellClient> {
    if (!this.#cell || this.#cell.ended) this.#cell = await this.#opened();
    return this.#cell;
  }

  async #opened(): Promise<CellClient> {
    const cell = new CellClient(this.#parts.newCell());
    const answer = await cell.ask({ kind: 'open' }, OPEN_MS);
    if (answer.kind === 'ready') return cell;
    cell.end();
    throw new Error(answer.kind === 'failed' ? answer.reason : 'The worker for hostile guests did not come up. Reload the page.');
  }

  async #beginNeighbour(): Promise<void> {
    if (!this.#neighbour || this.#neighbour.ended) {
      this.#neighbour = await this.#opened();
      await this.#neighbour.ask({ kind: 'neighbour' }, OPEN_MS);
      await new Promise((resolve) => setTimeout(resolve, RESTING_MS));
      this.#restingGapMs = (await this.#seen())?.longestGapMs ?? 0;
    }
    await this.#neighbour.ask({ kind: 'neighbour' }, OPEN_MS);
  }

  async #seen(): Promise<NeighbourSeen | null> {
    const answer = await this.#neighbour?.ask({ kind: 'report' }, OPEN_MS);
    return answer?.kind === 'neighbour' ? answer.seen : null;
  }

  async #reportNeighbour(): Promise<NeighbourReport> {
    const who = 'an honest guest in a memory and a worker of its own';
    const seen = await this.#seen();
    if (!seen) return { who, bytesChanged: null, bytesCompared: null, resultsChanged: 0, resultsCompared: 0, longestExtraWaitMs: null, clock: 'wall', lost: true };
    const { bytesChanged, bytesCompared, resultsChanged, resultsCompared, longestGapMs } = seen;
    return { who, bytesChanged, bytesCompared, resultsChanged, resultsCompared, longestExtraWaitMs: Math.max(0, longestGapMs - this.#restingGapMs), clock: 'wall', lost: false };
  }

  #endCells(): void {
    this.#parts.wasmer.close();
    this.#cell?.end();
    this.#neighbour?.end();
    this.#cell = null;
    this.#neighbour = null;
  }
}

/** Of repeated runs: the most that was changed and waited; null when nobody was looked at. */
function worstNeighbours(observations: readonly Observation[]): NeighbourReport | null {
  const reports = observations.map(({ neighbours }) => neighbours).filter((report) => report !== null);
  if (reports.length === 0) return null;
  const most = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null);
    return known.length > 0 ? Math.max(...known) : null;
  };
  return {
    ...reports[0],
    bytesChanged: most(reports.map(({ bytesChanged }) => bytesChanged)),
    resultsChanged: Math.max(...reports.map(({ resultsChanged }) => resultsChanged)),
    longestExtraWaitMs: most(reports.map(({ longestExtraWaitMs }) => longestExtraWaitMs)),
    lost: reports.some(({ lost }) => lost),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
