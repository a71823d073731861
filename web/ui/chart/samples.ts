/** Made-up series for the chart's tests: one sample a second, `raw` equal to its time unless given. */
import type { SeriesColumns } from '../../sim/snapshot.ts';

export function samples(
  startS: number,
  count: number,
  raw: (timeS: number) => number = (timeS) => timeS,
): SeriesColumns {
  const timeS = Float64Array.from({ length: count }, (_, i) => startS + i);
  const flat = (value: number) => new Float32Array(count).fill(value);
  return {
    timeS,
    raw: Float32Array.from(timeS, raw),
    percent: flat(50),
    fogEma: flat(NaN),
    cloudEma: flat(NaN),
    threshold: flat(1700),
    rain: flat(0),
    pump: flat(0),
  };
}
