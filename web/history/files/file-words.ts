/** What exported files call themselves and their columns. */
import { checkNodeId } from '../../protocol/topics.ts';
import { quantities, type Quantity, type SeriesKey } from '../history-port.ts';
import { quantityUnits } from '../quantity-units.ts';

export const FORMAT = 'continuum-lab history';
export const FORMAT_VERSION = 1;
export const csvColumns = ['time', 'node', 'quantity', 'unit', 'value'] as const;

/**
 * The series that a file names, or why there is none, as a sentence.
 * @param unit null where the file gives none
 */
export function parseSeries(node: unknown, quantity: unknown, unit: unknown): SeriesKey | string {
  if (typeof node !== 'string' || checkNodeId(node) !== null) return `"${shown(node)}" is no node id.`;
  if (!quantities.includes(quantity as Quantity)) return `"${shown(quantity)}" is no quantity that this page knows.`;
  const own = quantityUnits[quantity as Quantity];
  if (unit !== null && unit !== own) return `${shown(quantity)} is in ${own} here, not in "${shown(unit)}".`;
  return { node, quantity: quantity as Quantity };
}

/** A foreign value, short enough for a sentence. */
export function shown(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')).slice(0, 40);
}
