/** History as one JSON document, a record a line, so that a large one can be read line by line. */
import { quantityUnits } from '../quantity-units.ts';
import type { ExportSource, Piece } from './export-source.ts';
import { FORMAT, FORMAT_VERSION } from './file-words.ts';
import { float32Text } from './number-text.ts';

export async function* jsonPieces(source: ExportSource): AsyncGenerator<Piece> {
  const { exportedAtMs, selection, provenance, events } = source;
  const about = { format: FORMAT, version: FORMAT_VERSION, exported: new Date(exportedAtMs).toISOString(), selection, units: quantityUnits };
  const head = `${JSON.stringify(about).slice(0, -1)},\n"provenance":[\n${records(provenance)}],\n"events":[\n${records(events)}],\n"samples":[\n`;
  yield { text: head, samples: 0 };
  let between = '';
  for (const { key, samples } of source.series) {
    const start = JSON.stringify({ ...key, unit: quantityUnits[key.quantity] }).slice(0, -1);
    for await (const { timeMs, value } of samples()) {
      const values = Array.from(value, (each) => (Number.isFinite(each) ? float32Text(each) : `"${each}"`));
      yield { text: `${between}${start},"timeMs":[${timeMs.join(',')}],"value":[${values.join(',')}]}`, samples: timeMs.length };
      between = ',\n';
    }
  }
  yield { text: '\n]}\n', samples: 0 };
}

function records(rows: object[]): string {
  return rows.length === 0 ? '' : `${rows.map((row) => JSON.stringify(row)).join(',\n')}\n`;
}
