/** A node's sampled history: one row a sample, the last `CAPACITY` rows kept. */
import type { SeriesColumns } from './snapshot.ts';

const CAPACITY = 4096;
const columns = ['raw', 'percent', 'fogEma', 'cloudEma', 'threshold', 'rain', 'pump'] as const;
type Column = (typeof columns)[number];
export type SeriesRow = Record<Column, number>;

export class Series {
  readonly #timeS = new Float64Array(CAPACITY);
  readonly #values: Record<Column, Float32Array>;
  /** Rows ever opened; the last one may still change and is not shown until it is closed. */
  #opened = 0;
  #closed = 0;

  constructor() {
    this.#values = Object.fromEntries(columns.map((name) => [name, new Float32Array(CAPACITY)])) as Record<
      Column,
      Float32Array
    >;
  }

  /** Begins a row; fog and cloud may still fill in theirs. Closes the row before. */
  open(timeS: number, row: SeriesRow): void {
    this.close();
    const at = this.#opened % CAPACITY;
    this.#timeS[at] = timeS;
    for (const name of columns) this.#values[name][at] = row[name];
    this.#opened += 1;
  }

  /** Fills a value into the open row of that time; a row already closed stays as it was shown. */
  fill(timeS: number, column: 'fogEma' | 'cloudEma', value: number): void {
    if (this.#opened === this.#closed) return;
    const at = (this.#opened - 1) % CAPACITY;
    if (this.#timeS[at] === timeS) this.#values[column][at] = value;
  }

  close(): void {
    this.#closed = this.#opened;
  }

  /** Closed rows later than `afterS`, the oldest first. */
  after(afterS: number): SeriesColumns {
    const oldest = Math.max(0, this.#closed - CAPACITY + 1);
    let first = this.#closed;
    while (first > oldest && this.#timeS[(first - 1) % CAPACITY] > afterS) first -= 1;
    const length = this.#closed - first;
    const pick = <T extends Float32Array | Float64Array>(from: T, into: T): T => {
      for (let row = 0; row < length; row += 1) into[row] = from[(first + row) % CAPACITY];
      return into;
    };
    const shown = { timeS: pick(this.#timeS, new Float64Array(length)) } as SeriesColumns;
    for (const name of columns) shown[name] = pick(this.#values[name], new Float32Array(length));
    return shown;
  }
}
