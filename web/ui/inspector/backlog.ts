/**
 * Keeps the newest records of a stream that arrives as overlapping windows (each detail carries the
 * stream's latest records, oldest first), and gives each an id that lasts, so that a list redraws only
 * what is new.
 */
export interface Entry<T> {
  id: number;
  item: T;
}

/** Lines and messages that the page keeps of one node. */
export const backlogLimit = 500;

/**
 * `kept` with what `window` adds. Taking the same window twice changes nothing and returns `kept`
 * itself. A window that is empty or ends before the last kept record comes from a world that was
 * reset: it replaces everything.
 */
export function mergeWindow<T extends { timeUs: number }>(
  kept: Entry<T>[],
  window: T[],
  limit = backlogLimit,
): Entry<T>[] {
  const last = kept.at(-1);
  const newest = window.at(-1);
  if (!newest) return last ? [] : kept;
  if (!last) return append([], window, 0, limit);

  const lastUs = last.item.timeUs;
  if (newest.timeUs < lastUs) return append([], window, last.id + 1, limit);

  let from = window.length;
  while (from > 0 && window[from - 1]!.timeUs >= lastUs) from--;
  // Records may share a time stamp: as many as are kept already are not new.
  for (let i = kept.length - 1; i >= 0 && kept[i]!.item.timeUs === lastUs; i--) {
    if (window[from]?.timeUs === lastUs) from++;
  }
  return from === window.length ? kept : append(kept, window.slice(from), last.id + 1, limit);
}

function append<T>(kept: Entry<T>[], fresh: T[], firstId: number, limit: number): Entry<T>[] {
  return [...kept, ...fresh.map((item, i) => ({ id: firstId + i, item }))].slice(-limit);
}
