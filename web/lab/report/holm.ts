/**
 * p-values adjusted for their number: S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian
 * Journal of Statistics 6, 1979, 65-70. Whatever hangs together among the tests, at most 5 of 100 such families hold a
 * difference that is none when those below 0.05 are taken for differences.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, at) => at).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, ps[at]! * (ps.length - rank)));
    adjusted[at] = largest;
  });
  return adjusted;
}
