/** What the page draws of every node, one entry each, kept up to date where it changes. */
import type { NodeColumns } from './snapshot.ts';

/** The widest entries first, so that every column is aligned. */
export const layout = [
  ['energyJ', Float64Array],
  ['instructionsPerStep', Float64Array],
  ['raw', Float32Array],
  ['percent', Float32Array],
  ['published', Uint32Array],
  ['state', Uint8Array],
  ['anomaly', Uint8Array],
  ['outputs', Uint8Array],
  ['fault', Uint8Array],
] as const;

export function newColumns(nodes: number): NodeColumns {
  const bytesPerNode = layout.reduce((sum, [, Column]) => sum + Column.BYTES_PER_ELEMENT, 0);
  const columns = columnsOver(new ArrayBuffer(nodes * bytesPerNode), nodes);
  for (const name of ['raw', 'percent', 'energyJ', 'instructionsPerStep'] as const) columns[name].fill(NaN);
  return columns;
}

/** All columns lie in one buffer: a frame takes them in one piece. */
export function copyOf(columns: NodeColumns): NodeColumns {
  return columnsOver(columns.state.buffer.slice(0) as ArrayBuffer, columns.state.length);
}

function columnsOver(buffer: ArrayBuffer, nodes: number): NodeColumns {
  let offset = 0;
  const entries = layout.map(([name, Column]) => {
    const column = new Column(buffer, offset, nodes);
    offset += column.byteLength;
    return [name, column];
  });
  return Object.fromEntries(entries) as NodeColumns;
}
