/** A node's sampled history: one row a sample, in order of time, the last rows kept. */
import type { SeriesColumns } from './snapshot.ts';

/** Values of a row, in this order. */
const columns = ['raw', 'percent', 'fogEma', 'cloudEma', 'threshold', 'rain', 'pump'] as const;
/** Room for the first rows; it doubles as they come, so that a young fleet is small. */
const FIRST_ROWS = 16;
/** A row whose results do not come is shown without them once so many newer ones are there. */
const PATIENCE_ROWS = 4;
type Column = (typeof columns)[number];
export type SeriesRow = Record<Column, number>;
const WIDTH = columns.length;
const columnAt = Object.fromEntries(columns.map((name, at) => [name, at])) as Record<Column, number>;

export class Series {
  #mostRows: number;
  #timeS = new Float64Array(0);
  /** Row by row, `WIDTH` values each. */
  #values = new Float32Array(0);
  /** Rows ever opened; those that are closed are shown and change no more. */
  #opened = 0;
  #closed = 0;
  /** Rows before this one were dropped for want of room. */
  #oldest = 0;
  #last = columnAt.cloudEma;

  constructor(mostRows: number) {
    this.#mostRows = mostRows;
  }

  /** Whether rows are kept at all. */
  get keeps(): boolean {
    return this.#mostRows > 0;
  }

  /** Keeps this many rows from now on, if that is more than before. */
  keep(mostRows: number): void {
    this.#mostRows = Math.max(this.#mostRows, mostRows);
  }

  /** A row is complete, and shown, once this column has its value. */
  expect(last: 'raw' | 'fogEma' | 'cloudEma'): void {
    this.#last = columnAt[last];
    this.#close();
  }

  /** Begins a row; fog and cloud may still fill in theirs. A resent sample takes its place among the open rows, or is too late. */
  open(timeS: number, row: SeriesRow): void {
    let at = this.#opened;
    while (at > this.#closed && this.#time(at - 1) > timeS) at -= 1;
    if (at > 0 && this.#time(at - 1) >= timeS) return;
    if (this.#opened >= this.#timeS.length && this.#timeS.length < this.#mostRows) this.#grow();
    for (let moved = this.#opened; moved > at; moved -= 1) this.#copy(moved - 1, moved);
    const slot = at % this.#timeS.length;
    this.#timeS[slot] = timeS;
    const values = this.#values;
    const first = slot * WIDTH;
    values[first] = row.raw;
    values[first + 1] = row.percent;
    values[first + 2] = row.fogEma;
    values[first + 3] = row.cloudEma;
    values[first + 4] = row.threshold;
    values[first + 5] = row.rain;
    values[first + 6] = row.pump;
    this.#opened += 1;
    this.#close();
  }

  /** Fills a value into the open row of that time; a row that was shown stays as it was. */
  fill(timeS: number, column: 'fogEma' | 'cloudEma', value: number): void {
    for (let row = this.#opened - 1; row >= this.#closed; row -= 1) {
      if (this.#time(row) !== timeS) continue;
      this.#values[(row % this.#timeS.length) * WIDTH + columnAt[column]] = value;
      this.#close();
      return;
    }
  }

  /** Closed rows later than `afterS`, the oldest first. */
  after(afterS: number): SeriesColumns {
    const capacity = this.#timeS.length;
    const oldest = Math.max(this.#oldest, this.#opened - capacity);
    let first = this.#closed;
    while (first > oldest && this.#time(first - 1) > afterS) first -= 1;
    const length = this.#closed - first;
    const shown = { timeS: new Float64Array(length) } as SeriesColumns;
    for (let row = 0; row < length; row += 1) shown.timeS[row] = this.#time(first + row);
    columns.forEach((name, column) => {
      const values = (shown[name] = new Float32Array(length));
      for (let row = 0; row < length; row += 1) values[row] = this.#values[((first + row) % capacity) * WIDTH + column];
    });
    return shown;
  }

  /** Twice the room, with all rows that are kept in their new places. */
  #grow(): void {
    const [timeS, values] = [this.#timeS, this.#values];
    const before = timeS.length;
    const capacity = Math.min(this.#mostRows, Math.max(FIRST_ROWS, before * 2));
    this.#timeS = new Float64Array(capacity);
    this.#values = new Float32Array(capacity * WIDTH);
    this.#oldest = Math.max(this.#oldest, this.#opened - before);
    for (let row = this.#oldest; row < this.#opened; row += 1) {
      const [from, to] = [row % before, row % capacity];
      this.#timeS[to] = timeS[from];
      this.#values.set(values.subarray(from * WIDTH, (from + 1) * WIDTH), to * WIDTH);
    }
  }

  #close(): void {
    const capacity = this.#timeS.length;
    while (this.#closed < this.#opened) {
      const last = this.#values[(this.#closed % capacity) * WIDTH + this.#last];
      if (!Number.isFinite(last) && this.#opened - this.#closed <= PATIENCE_ROWS) return;
      this.#closed += 1;
    }
  }

  #time(row: number): number {
    return this.#timeS[row % this.#timeS.length];
  }

  #copy(from: number, to: number): void {
    const [source, target] = [from % this.#timeS.length, to % this.#timeS.length];
    this.#timeS[target] = this.#timeS[source];
    this.#values.copyWithin(target * WIDTH, source * WIDTH, (source + 1) * WIDTH);
  }
}
