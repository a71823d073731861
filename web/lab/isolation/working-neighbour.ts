/** An honest guest in a memory and a worker of its own that works as long as others misbehave beside it. */
import type { LoadedGuest } from '../../guest/loaded-guest.ts';
import type { NeighbourSeen } from './cell-messages.ts';
import { differing, differingBytes } from './honest-guest.ts';

/** A call of its stream functions every so often, as a fog node makes them. */
const PERIOD_MS = 2;

interface FilterExports {
  memory: WebAssembly.Memory;
  filter_value(raw: number): number;
  detect_anomaly(raw: number): number;
}

/** One instance; its results follow from the number of steps alone. */
class Filter {
  readonly #exports: FilterExports;
  readonly results: string[] = [];

  constructor(module: WebAssembly.Module) {
    const functions = WebAssembly.Module.imports(module).map(({ name }) => [name, () => 0] as const);
    this.#exports = new WebAssembly.Instance(module, { env: Object.fromEntries(functions) }).exports as unknown as FilterExports;
  }

  step(): void {
    const raw = 1600 + ((this.results.length * 37) % 400);
    this.results.push(`${this.#exports.filter_value(raw)} ${this.#exports.detect_anomaly(raw)}`);
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer);
  }
}

export class WorkingNeighbour {
  readonly #fresh: () => Filter;
  readonly #filter: Filter;
  readonly #timer: ReturnType<typeof setInterval>;
  #longestGapMs = 0;

  private constructor(fresh: () => Filter, nowMs: () => number) {
    this.#fresh = fresh;
    this.#filter = fresh();
    let lastMs = nowMs();
    this.#timer = setInterval(() => {
      this.#filter.step();
      const now = nowMs();
      this.#longestGapMs = Math.max(this.#longestGapMs, now - lastMs);
      lastMs = now;
    }, PERIOD_MS);
  }

  static async begin(guest: LoadedGuest, nowMs: () => number): Promise<WorkingNeighbour> {
    const module = await WebAssembly.compile(guest.bytes as Uint8Array<ArrayBuffer>);
    return new WorkingNeighbour(() => new Filter(module), nowMs);
  }

  /** Ends its work, and compares it with that of a fresh guest which does the same undisturbed. */
  report(): NeighbourSeen {
    clearInterval(this.#timer);
    const steps = this.#filter.results.length;
    const other = this.#fresh();
    while (other.results.length < steps) other.step();
    const bytes = this.#filter.bytes();
    return {
      steps,
      longestGapMs: this.#longestGapMs,
      bytesChanged: differingBytes(bytes, other.bytes()),
      bytesCompared: bytes.length,
      resultsChanged: differing(this.#filter.results, other.results),
      resultsCompared: steps,
    };
  }
}
