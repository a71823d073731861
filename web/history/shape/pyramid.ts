/** Least and greatest value of runs of samples, so that a long time is drawn without reading every sample. */
import type { Samples } from './samples.ts';

/** Samples a cell of the fine level stands for. */
export const FINE = 16;
/** Samples a cell of the coarse level stands for. */
export const COARSE = 256;

export interface Cells {
  /** Time of each cell's first sample; a cell ends before the next begins. */
  timeMs: Float64Array;
  min: Float32Array;
  max: Float32Array;
}

/** One cell for each `per` samples, and one for what is left. */
export function cellsOf(samples: Samples, per: number): Cells {
  return coarser({ timeMs: samples.timeMs, min: samples.value, max: samples.value }, per);
}

/** One cell for each `per` cells, and one for what is left. */
export function coarser(cells: Cells, per: number): Cells {
  const count = Math.ceil(cells.timeMs.length / per);
  const made = { timeMs: new Float64Array(count), min: new Float32Array(count), max: new Float32Array(count) };
  for (let cell = 0; cell < count; cell += 1) {
    const start = cell * per;
    const end = Math.min(start + per, cells.timeMs.length);
    let [min, max] = [Infinity, -Infinity];
    for (let i = start; i < end; i += 1) {
      if (cells.min[i]! < min) min = cells.min[i]!;
      if (cells.max[i]! > max) max = cells.max[i]!;
    }
    made.timeMs[cell] = cells.timeMs[start]!;
    made.min[cell] = min;
    made.max[cell] = max;
  }
  return made;
}
