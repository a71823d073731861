/** Stored events of a span of time. */
import type { Collection } from 'dexie';
import type { HistoryEvent } from '../history-port.ts';
import type { HistoryDatabase } from './database.ts';

/** Beyond so many nodes reading all of the time is quicker than node by node. */
const NODES_ONE_BY_ONE = 32;

/** Both borders included; the latest when there are more than `most`. In no order; `all` counts those left out, too. */
export async function readEvents(
  { events }: HistoryDatabase,
  nodes: string[] | null,
  fromMs: number,
  toMs: number,
  most: number,
): Promise<{ events: HistoryEvent[]; all: number }> {
  // An array is above every string: the key's other parts do not matter at either border.
  const span = () => events.where(':id').between([fromMs], [toMs, []]);
  if (nodes === null) {
    const [latest, all] = await Promise.all([span().reverse().limit(most).toArray(), span().count()]);
    return { events: latest, all };
  }
  const wanted = new Set(nodes);
  const found =
    wanted.size > NODES_ONE_BY_ONE
      ? await span().filter(({ node }) => wanted.has(node)).toArray()
      : (
          await Promise.all(
            [...wanted].map((node) => events.where('[node+timeMs]').between([node, fromMs], [node, toMs], true, true).toArray()),
          )
        ).flat();
  return { events: found, all: found.length };
}

/** Times of the first and of the last, none where there are none. */
export async function eventTimes({ events }: HistoryDatabase): Promise<number[]> {
  const byTime = (): Collection<HistoryEvent> => events.orderBy(':id');
  const ends = await Promise.all([byTime().first(), byTime().last()]);
  return ends.flatMap((event) => event?.timeMs ?? []);
}
