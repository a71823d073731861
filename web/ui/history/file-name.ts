/** Names of exported files: what is in them and, in UTC, from when to when. */
import type { Selection } from '../../history/history-port.ts';
import type { Bounds } from './time-window.ts';

/** `history_esp32-1_20260603T120400Z_20260603T140400Z.csv`. */
export function fileName(format: 'csv' | 'json', { nodes, fromMs, toMs }: Selection, bounds: Bounds): string {
  const who = nodes === null ? 'all-nodes' : nodes.length === 1 ? plain(nodes[0]!) : `${nodes.length}-nodes`;
  return `history_${who}_${stamp(fromMs ?? bounds.fromMs)}_${stamp(toMs ?? bounds.toMs)}.${format}`;
}

const plain = (name: string): string => name.replaceAll(/[^\w.-]+/g, '-');
const stamp = (timeMs: number): string => new Date(timeMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
