/** Which part of history is thinned next when it takes more than the user allows. */

/** How much a block has been thinned: not at all, to the extremes of 16, of 256 samples. */
export type Thinness = 0 | 1 | 2;

/** Samples that a run of points of one thinness becomes two of the next: 16 points, then 8 pairs... of 16 make 256. */
export const runOf: Record<0 | 1, number> = { 0: 16, 1: 32 };

export interface Thinnable {
  thinness: Thinness;
  toMs: number;
  bytes: number;
}

/**
 * The thinness to work on next, its oldest first, or `drop` when all is as thin as it gets; null when there is
 * nothing. What is new stays exact as long as it takes no more than half of the room, what is older keeps
 * extremes of 16 in a quarter: so the oldest hour is a rough sketch before the last one loses a sample.
 */
export function nextToThin(bytesByThinness: readonly [number, number, number], limitBytes: number): 0 | 1 | 'drop' | null {
  const [exact, fine, coarse] = bytesByThinness;
  if (exact > limitBytes / 2) return 0;
  if (fine > limitBytes / 4) return 1;
  if (exact > 0) return 0;
  if (fine > 0) return 1;
  return coarse > 0 ? 'drop' : null;
}
