/** What came in since the journal was last written. */
import type { HistoryEvent, Provenance } from '../history-port.ts';
import type { JournalRow, ProvenanceRow } from './database.ts';

/** Kept while nothing can be written. */
const MOST_EVENTS = 10_000;

interface Batch {
  series: Uint32Array;
  timeMs: Float64Array;
  value: Float32Array;
}

export class Pending {
  #batches: Batch[] = [];
  #events: HistoryEvent[] = [];
  #provenance: ProvenanceRow[] = [];

  get empty(): boolean {
    return this.#batches.length === 0 && this.#events.length === 0 && this.#provenance.length === 0;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** @param batch with ids of series; not changed afterwards */
  addSamples(batch: Batch): void {
    this.#batches.push(batch);
  }

  addEvents(events: readonly HistoryEvent[]): void {
    this.#events = [...this.#events, ...events].slice(-MOST_EVENTS);
  }

  addProvenance(sinceMs: number, provenance: Provenance): void {
    this.#provenance.push({ ...provenance, sinceMs });
  }

  /** All there is; afterwards this is empty. `row` is null without samples. */
  take(seq: number): { row: JournalRow | null; events: HistoryEvent[]; provenance: ProvenanceRow[] } {
    const taken = { row: this.#batches.length > 0 ? joined(seq, this.#batches) : null, events: this.#events, provenance: this.#provenance };
    this.clear();
    return taken;
  }

  /** What could not be written, for another try; samples are in memory anyway. */
  giveBack(events: HistoryEvent[], provenance: ProvenanceRow[]): void {
    this.#events = [...events, ...this.#events].slice(-MOST_EVENTS);
    this.#provenance = [...provenance, ...this.#provenance];
  }

  /** For when there is no journal to write them to: they are in memory anyway. */
  dropSamples(): void {
    this.#batches = [];
  }

  clear(): void {
    this.#batches = [];
    this.#events = [];
    this.#provenance = [];
  }
}

function joined(seq: number, batches: Batch[]): JournalRow {
  const rows = batches.reduce((sum, { series }) => sum + series.length, 0);
  const row = { seq, series: new Uint32Array(rows), timeMs: new Float64Array(rows), value: new Float32Array(rows) };
  let at = 0;
  for (const { series, timeMs, value } of batches) {
    row.series.set(series, at);
    row.timeMs.set(timeMs, at);
    row.value.set(value, at);
    at += series.length;
  }
  return row;
}
