/** Which stretch of virtual time the chart shows: the newest samples, or one the user holds. */

export type View =
  | { kind: 'live'; spanS: number }
  | { kind: 'held'; fromS: number; toS: number };

export interface Stretch {
  fromS: number;
  toS: number;
}

/** Spans on offer; `Infinity` shows all that is kept. */
export const spans = [
  { label: '10 min', spanS: 600 },
  { label: '1 h', spanS: 3600 },
  { label: '6 h', spanS: 21_600 },
  { label: '24 h', spanS: 86_400 },
  { label: 'All', spanS: Infinity },
] as const;

const narrowestS = 10;
const youngestS = 30;

/** The stretch to draw when samples reach from `firstS` to `lastS` (NaN when there are none). */
export function stretchOf(view: View, firstS: number, lastS: number): Stretch {
  if (view.kind === 'held') return { fromS: view.fromS, toS: view.toS };
  if (Number.isNaN(lastS)) return { fromS: 0, toS: youngestS };
  const ageS = lastS - firstS;
  if (ageS >= view.spanS) return { fromS: lastS - view.spanS, toS: lastS };
  // A young series grows in steps of double width: the axis stands still between them.
  const stepS = youngestS * 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, ageS / youngestS))));
  if (view.spanS === Infinity && ageS > 86_400) return { fromS: firstS, toS: lastS };
  return { fromS: firstS, toS: firstS + Math.min(view.spanS, stepS) };
}

/** The held view after moving by `share` of its width (positive: later), kept over the samples there are. */
export function pan(stretch: Stretch, share: number, firstS: number, lastS: number): View {
  const widthS = stretch.toS - stretch.fromS;
  const leastS = Math.min(firstS, lastS - widthS);
  const fromS = Math.max(leastS, Math.min(lastS - widthS * 0.1, stretch.fromS + widthS * share));
  return { kind: 'held', fromS, toS: fromS + widthS };
}

/** The held view with `factor` times the width (below 1: closer), around the time at `share` of it. */
export function zoom(stretch: Stretch, factor: number, share: number, firstS: number, lastS: number): View {
  const widthS = stretch.toS - stretch.fromS;
  const widestS = Math.max(youngestS, (lastS - firstS) * 1.05);
  const newWidthS = Math.max(narrowestS, Math.min(widestS, widthS * factor));
  const fromS = stretch.fromS + (widthS - newWidthS) * share;
  return { kind: 'held', fromS, toS: fromS + newWidthS };
}
