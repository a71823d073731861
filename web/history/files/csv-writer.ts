/** History as CSV: comment lines that say where it comes from, then a row for each sample, series by series. */
import type { HistoryEvent } from '../history-port.ts';
import { quantityUnits } from '../quantity-units.ts';
import type { ProvenanceRow } from '../store/database.ts';
import type { ExportSource, Piece } from './export-source.ts';
import { csvColumns, FORMAT, FORMAT_VERSION } from './file-words.ts';
import { float32Text } from './number-text.ts';

export async function* csvPieces(source: ExportSource): AsyncGenerator<Piece> {
  yield { text: preamble(source), samples: 0 };
  for (const { key, samples } of source.series) {
    const middle = `,${key.node},${key.quantity},${quantityUnits[key.quantity]},`;
    for await (const { timeMs, value } of samples()) {
      let text = '';
      for (let i = 0; i < timeMs.length; i += 1) text += `${new Date(timeMs[i]!).toISOString()}${middle}${float32Text(value[i]!)}\n`;
      yield { text, samples: timeMs.length };
    }
  }
}

function preamble({ exportedAtMs, selection, provenance, events }: ExportSource): string {
  const about = { format: FORMAT, version: FORMAT_VERSION, exported: new Date(exportedAtMs).toISOString(), selection };
  return [
    comment('about', about),
    ...provenance.map((row: ProvenanceRow) => comment('provenance', row)),
    ...events.map((event: HistoryEvent) => comment('event', event)),
    csvColumns.join(','),
    '',
  ].join('\n');
}

function comment(what: string, object: object): string {
  return `# ${what} ${JSON.stringify(object)}`;
}
