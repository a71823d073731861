/** A node's sampled history: one row a sample, in order of time, the last `CAPACITY` rows kept. */
import type { SeriesColumns } from './snapshot.ts';

const CAPACITY = 4096;
/** A row whose results do not come is shown without them once so many newer ones are there. */
const PATIENCE_ROWS = 4;
const columns = ['raw', 'percent', 'fogEma', 'cloudEma', 'threshold', 'rain', 'pump'] as const;
type Column = (typeof columns)[number];
export type SeriesRow = Record<Column, number>;

export class Series {
  readonly #timeS = new Float64Array(CAPACITY);
  readonly #values: Record<Column, Float32Array>;
  /** Rows ever opened; those that are closed are shown and change no more. */
  #opened = 0;
  #closed = 0;
  #last: 'raw' | 'fogEma' | 'cloudEma' = 'cloudEma';

  constructor() {
    this.#values = Object.fromEntries(columns.map((name) => [name, new Float32Array(CAPACITY)])) as Record<
      Column,
      Float32Array
    >;
  }

  /** A row is complete, and shown, once this column has its value. */
  expect(last: 'raw' | 'fogEma' | 'cloudEma'): void {
    this.#last = last;
    this.#close();
  }

  /** Begins a row; fog and cloud may still fill in theirs. A resent sample takes its place among the open rows, or is too late. */
  open(timeS: number, row: SeriesRow): void {
    let at = this.#opened;
    while (at > this.#closed && this.#time(at - 1) > timeS) at -= 1;
    if (at > 0 && this.#time(at - 1) >= timeS) return;
    for (let moved = this.#opened; moved > at; moved -= 1) this.#copy(moved - 1, moved);
    this.#timeS[at % CAPACITY] = timeS;
    for (const name of columns) this.#values[name][at % CAPACITY] = row[name];
    this.#opened += 1;
    this.#close();
  }

  /** Fills a value into the open row of that time; a row that was shown stays as it was. */
  fill(timeS: number, column: 'fogEma' | 'cloudEma', value: number): void {
    for (let row = this.#opened - 1; row >= this.#closed; row -= 1) {
      if (this.#time(row) !== timeS) continue;
      this.#values[column][row % CAPACITY] = value;
      this.#close();
      return;
    }
  }

  /** Closed rows later than `afterS`, the oldest first. */
  after(afterS: number): SeriesColumns {
    const oldest = Math.max(0, this.#opened - CAPACITY);
    let first = this.#closed;
    while (first > oldest && this.#time(first - 1) > afterS) first -= 1;
    const length = this.#closed - first;
    const pick = <T extends Float32Array | Float64Array>(from: T, into: T): T => {
      for (let row = 0; row < length; row += 1) into[row] = from[(first + row) % CAPACITY];
      return into;
    };
    const shown = { timeS: pick(this.#timeS, new Float64Array(length)) } as SeriesColumns;
    for (const name of columns) shown[name] = pick(this.#values[name], new Float32Array(length));
    return shown;
  }

  #close(): void {
    const complete = (row: number): boolean => Number.isFinite(this.#values[this.#last][row % CAPACITY]);
    while (this.#closed < this.#opened && (complete(this.#closed) || this.#opened - this.#closed > PATIENCE_ROWS)) {
      this.#closed += 1;
    }
  }

  #time(row: number): number {
    return this.#timeS[row % CAPACITY];
  }

  #copy(from: number, to: number): void {
    this.#timeS[to % CAPACITY] = this.#timeS[from % CAPACITY];
    for (const name of columns) this.#values[name][to % CAPACITY] = this.#values[name][from % CAPACITY];
  }
}
