/**
 * History's tables. Rows are few and large: the journal has one for each interval of writing, blocks one for
 * about 4,096 samples, heads one for 32 blocks of a series.
 */
import { Dexie, type Table } from 'dexie';
import type { HistoryEvent, Provenance, Quantity } from '../history-port.ts';

export interface SeriesRow {
  id: number;
  node: string;
  quantity: Quantity;
}

/** What came in during one interval; the columns are equally long. */
export interface JournalRow {
  seq: number;
  /** Ids of series. */
  series: Uint32Array;
  timeMs: Float64Array;
  value: Float32Array;
}

export interface HeadsRow {
  id: number;
  series: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What was said of a node from a time on, since 1970. */
export interface ProvenanceRow extends Provenance {
  sinceMs: number;
}

export interface Settings {
  limitBytes: number;
  thinned: number;
  /** Which worker writes: a random number that it drew. */
  keeper: string;
}

export class HistoryDatabase extends Dexie {
  declare readonly series: Table<SeriesRow, number>;
  declare readonly journal: Table<JournalRow, number>;
  /** Encoded samples by block. */
  declare readonly blocks: Table<Uint8Array<ArrayBuffer>, number>;
  /** Encoded fine cells by block. */
  declare readonly fine: Table<Uint8Array<ArrayBuffer>, number>;
  declare readonly heads: Table<HeadsRow, number>;
  declare readonly events: Table<HistoryEvent, [number, string, string, string]>;
  declare readonly provenance: Table<ProvenanceRow, [string, number]>;
  declare readonly settings: Table<Settings[keyof Settings], keyof Settings>;

  constructor(name = 'continuum-history') {
    // A crashed tab loses nothing by it; only a power cut does, of the last moments.
    super(name, { chromeTransactionDurability: 'relaxed' });
    this.version(1).stores({
      series: 'id',
      journal: 'seq',
      blocks: '',
      fine: '',
      heads: 'id',
      // The key holds all there is, so that an event that comes twice is kept once.
      events: '[timeMs+node+kind+text], [node+timeMs]',
      provenance: '[node+sinceMs]',
      settings: '',
    });
  }
}
