/** Student's t: intervals and two-sided p-values. */
import jStat from 'jstat';

export const confidence = 0.95;

/** The quantile that a two-sided interval of 95 % reaches to. */
export function criticalT(degrees: number): number {
  return jStat.studentt.inv((1 + confidence) / 2, degrees);
}

/** Two-sided. By the incomplete beta function, which stays exact where 1 - cdf(t) has lost all its digits. */
export function pOfT(t: number, degrees: number): number {
  return jStat.ibeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}
