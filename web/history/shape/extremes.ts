/** Thinning: of each run of samples the least and the greatest stay, with their times. */
import type { Samples } from './samples.ts';

/** @param per samples in a run; a run gives at most two, one where all are alike */
export function extremes({ timeMs, value }: Samples, per: number): Samples {
  const most = Math.ceil(timeMs.length / per) * 2;
  const kept = { timeMs: new Float64Array(most), value: new Float32Array(most) };
  let count = 0;
  const keep = (index: number): void => {
    kept.timeMs[count] = timeMs[index]!;
    kept.value[count++] = value[index]!;
  };
  for (let start = 0; start < timeMs.length; start += per) {
    const end = Math.min(start + per, timeMs.length);
    let [least, greatest] = [start, start];
    for (let i = start + 1; i < end; i += 1) {
      if (value[i]! < value[least]!) least = i;
      if (value[i]! > value[greatest]!) greatest = i;
    }
    keep(Math.min(least, greatest));
    if (least !== greatest) keep(Math.max(least, greatest));
  }
  return { timeMs: kept.timeMs.slice(0, count), value: kept.value.slice(0, count) };
}
