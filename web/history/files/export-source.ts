/** What an export writes, whatever its format. */
import type { HistoryEvent, Selection, SeriesKey } from '../history-port.ts';
import type { Samples } from '../shape/samples.ts';
import type { ProvenanceRow } from '../store/database.ts';

export interface ExportSource {
  selection: Selection;
  exportedAtMs: number;
  provenance: ProvenanceRow[];
  events: HistoryEvent[];
  series: { key: SeriesKey; samples: () => AsyncIterable<Samples> }[];
}

/** Text, and how many samples it holds. */
export interface Piece {
  text: string;
  samples: number;
}
