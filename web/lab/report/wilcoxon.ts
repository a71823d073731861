/**
 * Wilcoxon's signed-rank test (F. Wilcoxon, Individual comparisons by ranking methods, Biometrics Bulletin 1, 1945,
 * 80-83). Differences of zero are left out, equal ones share the mean of their ranks.
 */
import jStat from 'jstat';

/** Chosen: where the exact distribution begins to cost time, the normal one has two right digits or more. */
const EXACT_UP_TO = 50;

/** Two-sided; 1 when no difference is other than zero. */
export function wilcoxonP(differences: readonly number[]): number {
  const signed = differences.filter((difference) => difference !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  if (signed.length === 0) return 1;
  // Doubled, shared ranks are whole numbers too.
  const ranks = doubledRanks(signed.map(Math.abs));
  const positive = ranks.reduce((sum, rank, at) => sum + (signed[at]! > 0 ? rank : 0), 0);
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const smaller = Math.min(positive, total - positive);
  return signed.length <= EXACT_UP_TO ? exactP(ranks, smaller) : normalP(ranks, total, smaller);
}

/** The smallest p that so many pairs can give: all differences of one sign. */
export function smallestWilcoxonP(pairs: number): number {
  return 2 ** (1 - pairs);
}

/** Every sign is as likely as its opposite: counts the choices of signs whose sum of positive ranks is as small. */
function exactP(ranks: readonly number[], smaller: number): number {
  const shares = new Float64Array(smaller + 1);
  shares[0] = 1;
  for (const rank of ranks) {
    for (let sum = smaller; sum >= 0; sum -= 1) shares[sum] = (shares[sum]! + (sum >= rank ? shares[sum - rank]! : 0)) / 2;
  }
  return Math.min(1, 2 * shares.reduce((a, b) => a + b));
}

/** With the variance of the ranks as they are, ties included, and half a rank of continuity. */
function normalP(ranks: readonly number[], total: number, smaller: number): number {
  const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4;
  const z = Math.min(0, (smaller - total / 2 + 1) / Math.sqrt(variance));
  return 2 * jStat.normal.cdf(z, 0, 1);
}

/** @param sizes ascending */
function doubledRanks(sizes: readonly number[]): number[] {
  const ranks: number[] = [];
  for (let first = 0; first < sizes.length; ) {
    let next = first;
    while (next < sizes.length && sizes[next] === sizes[first]) next += 1;
    for (; ranks.length < next; ) ranks.push(first + 1 + next);
    first = next;
  }
  return ranks;
}
