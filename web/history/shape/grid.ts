/** The columns of a chart, on multiples of their width so that a scrolling picture keeps its shape. */
import type { Cells } from './pyramid.ts';
import { indexAfter, indexFrom, type Samples } from './samples.ts';

/** More than any screen has pixels. */
const MOST_COLUMNS = 16_384;

export class Grid {
  readonly widthMs: number;
  readonly columns: number;
  readonly #first: number;

  /** Covers `fromMs` to `toMs`, both included, and what the columns at the borders need beyond. */
  constructor(fromMs: number, toMs: number, columns: number) {
    const wanted = Math.max(1, Math.min(MOST_COLUMNS, Math.floor(columns) || 1));
    // Narrower than a millisecond there is nothing to tell apart.
    this.widthMs = Math.max(1, (toMs - fromMs) / wanted);
    this.#first = Math.floor(fromMs / this.widthMs);
    this.columns = Math.floor(toMs / this.widthMs) - this.#first + 1;
  }

  get fromMs(): number {
    return this.#first * this.widthMs;
  }

  /** Before this, not at it. */
  get endMs(): number {
    return (this.#first + this.columns) * this.widthMs;
  }

  /** May lie outside the grid. */
  columnOf(timeMs: number): number {
    return Math.floor(timeMs / this.widthMs) - this.#first;
  }

  middles(): Float64Array {
    return Float64Array.from({ length: this.columns }, (_, column) => (this.#first + column + 0.5) * this.widthMs);
  }
}

/** One line on a grid. */
export class Envelope {
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly #grid: Grid;

  constructor(grid: Grid) {
    this.#grid = grid;
    this.min = new Float32Array(grid.columns).fill(NaN);
    this.max = new Float32Array(grid.columns).fill(NaN);
  }

  addSamples({ timeMs, value }: Samples): void {
    const end = indexFrom(timeMs, this.#grid.endMs);
    for (let i = indexFrom(timeMs, this.#grid.fromMs); i < end; i += 1) {
      this.#add(this.#grid.columnOf(timeMs[i]!), value[i]!, value[i]!);
    }
  }

  /** Whether a run of samples is short enough to stand for them: within one column, or so short that its neighbour's edge does not matter. */
  takes(fromMs: number, toMs: number): boolean {
    return toMs - fromMs <= this.#grid.widthMs / 2 || this.#grid.columnOf(fromMs) === this.#grid.columnOf(toMs);
  }

  /** A run of samples; where it lies across a border both columns get its extremes, so that none misses one. */
  addRun(fromMs: number, toMs: number, min: number, max: number): void {
    const last = Math.min(this.#grid.columns - 1, this.#grid.columnOf(toMs));
    for (let column = Math.max(0, this.#grid.columnOf(fromMs)); column <= last; column += 1) this.#add(column, min, max);
  }

  /**
   * Adds the cells that are short enough, and gives the spans of the others.
   * @param endMs of the last cell's last sample
   */
  addCells(cells: Cells, endMs: number, fromMs = -Infinity, toMs = Infinity): [fromMs: number, toMs: number][] {
    const left: [number, number][] = [];
    const { timeMs } = cells;
    const first = Math.max(0, indexAfter(timeMs, Math.max(fromMs, this.#grid.fromMs)) - 1);
    for (let i = first; i < timeMs.length; i += 1) {
      const start = timeMs[i]!;
      if (start > toMs || start >= this.#grid.endMs) break;
      // Times are whole milliseconds: the cell ends before the next begins.
      const end = i + 1 < timeMs.length ? timeMs[i + 1]! - 1 : endMs;
      if (this.takes(start, end)) this.addRun(start, end, cells.min[i]!, cells.max[i]!);
      else left.push([start, end]);
    }
    return left;
  }

  #add(column: number, min: number, max: number): void {
    if (!(this.min[column]! <= min)) this.min[column] = min;
    if (!(this.max[column]! >= max)) this.max[column] = max;
  }
}
