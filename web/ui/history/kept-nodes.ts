/** The nodes one can choose from, with what is kept of each. */
import type { SeriesInfo } from '../../history/history-port.ts';
import { shortTime } from './local-time.ts';

export interface KeptNode {
  name: string;
  /** Of all its quantities. */
  samples: number;
  /** Its newest sample; 0 when nothing is kept. */
  toMs: number;
}

/** @param names further nodes, which may yet be recorded */
export function keptNodes(series: readonly SeriesInfo[], names: readonly string[]): KeptNode[] {
  const nodes = new Map<string, KeptNode>();
  for (const { node, samples, toMs } of series) {
    const kept = nodes.get(node);
    if (kept === undefined) nodes.set(node, { name: node, samples, toMs });
    else {
      kept.samples += samples;
      kept.toMs = Math.max(kept.toMs, toMs);
    }
  }
  for (const name of names) if (!nodes.has(name)) nodes.set(name, { name, samples: 0, toMs: 0 });
  return [...nodes.values()];
}

/** The clock for a time on the newest day of all, else the date. */
export function lastShown(timeMs: number, newestMs: number): string {
  const [day, month, clock] = shortTime(timeMs).split(' ');
  return new Date(timeMs).toDateString() === new Date(newestMs).toDateString() ? clock! : `${day} ${month}`;
}
