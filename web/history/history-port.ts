/** What is kept and asked of history. A sample is one value of one quantity of one node at one time. */

export const quantities = ['raw', 'percent', 'irrigate', 'fogEma', 'cloudEma', 'latencyMs', 'twinRaw', 'twinPercent'] as const;
export type Quantity = (typeof quantities)[number];

export interface SeriesKey {
  node: string;
  quantity: Quantity;
}

export const eventKinds = ['calibration', 'replacement', 'anomaly', 'fault', 'presence', 'mode'] as const;
export type EventKind = (typeof eventKinds)[number];

export interface HistoryEvent {
  /** Since 1970. */
  timeMs: number;
  node: string;
  kind: EventKind;
  /** For people, a sentence. */
  text: string;
}

/** Where a series' samples come from, for exports. */
export interface Provenance {
  node: string;
  tier: 'edge' | 'fog' | 'cloud';
  kind: 'simulated' | 'real';
  /** Client id of the page that ran it, null for a board. */
  owner: string | null;
  /** What ran the guest, and the guest's SHA-256, as far as known. */
  runtime: string | null;
  guestSha256: string | null;
}

/** From the simulation's worker to history's, through a `MessagePort`. All columns of a batch are equally long. */
export type ToHistory =
  /** `series` numbers count from 0 in the order of declaration over the life of the port. */
  | { kind: 'declare'; series: SeriesKey[] }
  | { kind: 'provenance'; of: Provenance }
  | { kind: 'samples'; series: Uint32Array; timeMs: Float64Array; value: Float32Array }
  | { kind: 'events'; events: HistoryEvent[] };

/** From the first sample to the last; of the events where they are all that is kept. */
export interface Extent {
  fromMs: number;
  toMs: number;
  samples: number;
}

export interface SeriesInfo extends SeriesKey {
  fromMs: number;
  toMs: number;
  samples: number;
}

/** One line of a chart: per column of pixels the least and greatest value in it. NaN where there is none. */
export interface EnvelopeLine {
  series: SeriesKey;
  /** Middle of each column. */
  timeMs: Float64Array;
  min: Float32Array;
  max: Float32Array;
  /**
   * Whether min and max are the samples themselves, one in a column; then there is one more beyond each end of the
   * time, where there is one, so that the line leaves the picture.
   */
  exact: boolean;
  /** How many there are in the time that was asked for, both borders included. */
  samples: number;
}

export interface Selection {
  /** Null for all nodes. */
  nodes: string[] | null;
  quantities: Quantity[] | null;
  /** Null for the whole time. */
  fromMs: number | null;
  toMs: number | null;
}

export interface StorageReport {
  /** What history may use, bytes; set by the user. */
  limitBytes: number;
  /** What history uses, bytes, as counted by itself. */
  usedBytes: number;
  /** What the browser says all of this origin uses and may use; null where it does not say. */
  browserUsedBytes: number | null;
  browserQuotaBytes: number | null;
  persistent: boolean;
  samples: number;
  /** Samples that were thinned to their extremes because of the limit. */
  thinned: number;
  /** Why nothing can be kept now, as a sentence, or null. */
  problem: string | null;
}

export interface Progress {
  done: number;
  total: number;
}

export type ImportAnswer = { ok: true; samples: number; events: number; skipped: number; note: string | null } | { ok: false; reason: string };

/** Through comlink, from the page. */
export interface HistoryPort {
  /** Null when nothing is kept. */
  extent(): Promise<Extent | null>;
  series(): Promise<SeriesInfo[]>;
  /** @param columns about how many points a line may have */
  envelope(series: SeriesKey[], fromMs: number, toMs: number, columns: number): Promise<EnvelopeLine[]>;
  /** In order of time; at most `most`, the latest, with the number left out. */
  events(nodes: string[] | null, fromMs: number, toMs: number, most: number): Promise<{ events: HistoryEvent[]; leftOut: number }>;
  /** The file in pieces, so that it need not fit in memory; `onProgress` counts samples. Rejects with an `AbortError` on `cancel(token)`. */
  export(format: 'csv' | 'json', selection: Selection, token: string, onProgress: (progress: Progress) => void): Promise<Blob>;
  /** `onProgress` counts bytes of the file. What was taken in before `cancel(token)` stays. */
  import(file: File, token: string, onProgress: (progress: Progress) => void): Promise<ImportAnswer>;
  cancel(token: string): Promise<void>;
  storage(): Promise<StorageReport>;
  setLimit(bytes: number): Promise<void>;
  /** Writes all that is still in memory. */
  flush(): Promise<void>;
  clear(): Promise<void>;
}
