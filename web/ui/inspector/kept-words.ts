/** Why there is nothing yet of a node that has long been running. */
import { keptHistory } from '../../sim/kept-history.ts';
import type { NodeInfo } from '../../sim/snapshot.ts';

/**
 * Since when an edge node's past is kept, as a sentence, in fleets where that is not from the start; else null.
 * @param what with its verb, such as `messages are`
 */
export function keptSince(what: string, info: readonly NodeInfo[]): string | null {
  const edgeNodes = info.filter(({ tier }) => tier === 'edge').length;
  if (edgeNodes === 0 || keptHistory(edgeNodes).journal.messages > 0) return null;
  return `In a fleet of more than 1,000 nodes a node's ${what} kept from the moment it is selected.`;
}
