/** Where an import puts what it reads, and the count of what it could not read. */
import type { HistoryEvent, Provenance, SeriesKey } from '../history-port.ts';
import { MOST_TIME_MS } from '../shape/samples.ts';

export interface ImportTarget {
  /** Columns equally long; values that are no numbers are left out before. */
  addSamples(key: SeriesKey, timeMs: Float64Array, value: Float32Array): void;
  addEvents(events: HistoryEvent[]): void;
  addProvenance(sinceMs: number, provenance: Provenance): void;
  /** Resolves when there is room for more. */
  room(): Promise<void>;
}

interface Column {
  key: SeriesKey;
  timeMs: number[];
  value: number[];
}

/** Rows of a file that are gathered before they go on in columns. */
const GATHERED = 65_536;

export class ImportSink {
  readonly #target: ImportTarget;
  readonly #columns = new Map<string, Column>();
  #gathered = 0;
  samples = 0;
  events = 0;
  skipped = 0;
  /** Why the first was skipped. */
  note: string | null = null;

  constructor(target: ImportTarget) {
    this.#target = target;
  }

  /** @param time as the file has it, for the sentence */
  sample(key: SeriesKey, timeMs: number, value: number | null, line: number, time: unknown = timeMs): void {
    if (!(Math.abs(timeMs) <= MOST_TIME_MS)) this.skip(line, `"${String(time).slice(0, 40)}" is no time.`);
    else if (value === null) this.skip(line, 'its value is no number.');
    else {
      const name = `${key.quantity} ${key.node}`;
      let column = this.#columns.get(name);
      if (!column) this.#columns.set(name, (column = { key, timeMs: [], value: [] }));
      column.timeMs.push(timeMs);
      column.value.push(value);
      this.#gathered += 1;
      this.samples += 1;
    }
  }

  event(event: HistoryEvent): void {
    this.#target.addEvents([event]);
    this.events += 1;
  }

  provenance(sinceMs: number, provenance: Provenance): void {
    this.#target.addProvenance(sinceMs, provenance);
  }

  skip(line: number, reason: string): void {
    this.skipped += 1;
    this.note ??= `Line ${line} was left out: ${reason}`;
  }

  /** Hands on what was gathered when there is much of it, or at the end. */
  async rest(end: boolean): Promise<void> {
    if (!end && this.#gathered < GATHERED) return;
    for (const { key, timeMs, value } of this.#columns.values()) {
      this.#target.addSamples(key, Float64Array.from(timeMs), Float32Array.from(value));
    }
    this.#columns.clear();
    this.#gathered = 0;
    await this.#target.room();
  }
}
