/** The stretch of time that is looked at, and what moving and scaling make of it. */

export interface TimeWindow {
  fromMs: number;
  toMs: number;
}

/** The kept samples, as far as windows are concerned. */
export interface Bounds {
  fromMs: number;
  toMs: number;
}

/** Spans on offer, counted back from the newest sample; `Infinity` is all that is kept. */
export const spans = [
  { label: '10 min', title: 'Last 10 minutes', spanMs: 600_000 },
  { label: '1 h', title: 'Last hour', spanMs: 3_600_000 },
  { label: '1 day', title: 'Last day', spanMs: 86_400_000 },
  { label: '7 days', title: 'Last 7 days', spanMs: 604_800_000 },
  { label: 'All', title: 'All that is kept', spanMs: Infinity },
] as const;

const NARROWEST_MS = 1000;
/** Share of the window that stays over samples, or a user pans into emptiness. */
const LEAST_OVER = 0.1;

export function spanOf({ fromMs, toMs }: TimeWindow): number {
  return toMs - fromMs;
}

/** Ends at the newest sample. */
export function latest(bounds: Bounds, spanMs: number): TimeWindow {
  const wholeMs = Math.max(NARROWEST_MS, bounds.toMs - bounds.fromMs);
  return { fromMs: bounds.toMs - (spanMs === Infinity ? wholeMs : spanMs), toMs: bounds.toMs };
}

/** Of a history that has just begun, to open with: a few seconds would fill a window with next to nothing. */
const LEAST_FIRST_MS = 60_000;

/** All that is kept up to `mostMs`, ending at the newest sample. */
export function newest(bounds: Bounds, mostMs: number): TimeWindow {
  const wholeMs = bounds.toMs - bounds.fromMs;
  return latest(bounds, Math.max(LEAST_FIRST_MS, Math.min(mostMs, wholeMs)));
}

/** Moved by `share` of its width, later when positive. */
export function panned(window: TimeWindow, share: number, bounds: Bounds): TimeWindow {
  const widthMs = spanOf(window);
  return startingAt(window.fromMs + widthMs * share, widthMs, bounds);
}

/** `factor` times as wide (below 1: closer), the time at `share` of the width staying where it is. */
export function zoomed(window: TimeWindow, factor: number, share: number, bounds: Bounds): TimeWindow {
  const widthMs = spanOf(window);
  // A young history is often looked at in a window wider than itself.
  const widestMs = Math.max(60_000, (bounds.toMs - bounds.fromMs) * 1.1, widthMs);
  const newMs = Math.max(NARROWEST_MS, Math.min(widestMs, widthMs * factor));
  return startingAt(window.fromMs + (widthMs - newMs) * share, newMs, bounds);
}

/** As wide as before, with this time in the middle. */
export function centred(window: TimeWindow, timeMs: number, bounds: Bounds): TimeWindow {
  const widthMs = spanOf(window);
  return startingAt(timeMs - widthMs / 2, widthMs, bounds);
}

/** Between two times in either order, at least as wide as the narrowest window. */
export function between(aMs: number, bMs: number, bounds: Bounds): TimeWindow {
  const fromMs = Math.min(aMs, bMs);
  return startingAt(fromMs, Math.max(NARROWEST_MS, Math.abs(bMs - aMs)), bounds);
}

function startingAt(fromMs: number, widthMs: number, bounds: Bounds): TimeWindow {
  const over = widthMs * LEAST_OVER;
  const least = bounds.fromMs - widthMs + over;
  const greatest = bounds.toMs - over;
  const kept = Math.max(least, Math.min(greatest, fromMs));
  return { fromMs: kept, toMs: kept + widthMs };
}

/** What a chart asks for. */
export interface Reach extends TimeWindow {
  columns: number;
  /** Width of a column, ms. */
  columnMs: number;
}

const PX_PER_COLUMN = 1.4;
const SPARE = 0.5;
const LEAST_SPARE = 0.15;

/**
 * The window with half a width to spare on either side. Columns have widths from a ladder and lie on a
 * grid, so that panning asks for the same columns again and their shapes do not shimmer.
 */
export function reachFor(window: TimeWindow, widthPx: number): Reach {
  const widthMs = spanOf(window);
  const wantedMs = (widthMs / Math.max(50, widthPx)) * PX_PER_COLUMN;
  const columnMs = 2 ** (Math.round(Math.log2(wantedMs) * 2) / 2);
  const fromMs = Math.floor((window.fromMs - widthMs * SPARE) / columnMs) * columnMs;
  const columns = Math.ceil((window.toMs + widthMs * SPARE - fromMs) / columnMs);
  return { fromMs, toMs: fromMs + columns * columnMs, columns, columnMs };
}

/** Whether what was loaded for `reach` still serves this window: fine enough, and not about to end in sight. */
export function serves(reach: Reach, window: TimeWindow, widthPx: number, bounds: Bounds): boolean {
  if (reachFor(window, widthPx).columnMs !== reach.columnMs) return false;
  const spare = spanOf(window) * LEAST_SPARE;
  return (
    reach.fromMs <= Math.max(bounds.fromMs, window.fromMs - spare) && reach.toMs >= Math.min(bounds.toMs, window.toMs + spare)
  );
}
