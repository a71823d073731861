/** How many bytes history takes, kept up with every write. */
import type { JournalRow } from './database.ts';
import type { Head } from './head.ts';
import type { BlockChange } from './write-blocks.ts';

/** What the database adds to a row: its key, a header, the entries of its indexes. About; it depends on the browser. */
const ROW_BYTES = 48;
/** An event's key holds all of it, and an index repeats its time and node. */
const EVENT_BYTES = 320;

export class Usage {
  readonly #byThinness: [exact: number, fine: number, coarse: number] = [0, 0, 0];
  readonly #pages = new Map<number, number>();
  readonly #journal = new Map<number, number>();
  #pageBytes = 0;
  #journalBytes = 0;
  events = 0;
  seriesRows = 0;

  get bytes(): number {
    return this.lastingBytes + this.#journalBytes;
  }

  /** All but the journal, whose rows go when their samples have come into blocks. */
  get lastingBytes(): number {
    const [exact, fine, coarse] = this.#byThinness;
    return exact + fine + coarse + this.#pageBytes + this.events * EVENT_BYTES + this.seriesRows * ROW_BYTES;
  }

  get byThinness(): readonly [number, number, number] {
    return this.#byThinness;
  }

  /** Keys of the rows of the journal, the oldest first. */
  get journalRows(): number[] {
    return [...this.#journal.keys()];
  }

  addJournal({ seq, timeMs }: JournalRow): void {
    const bytes = timeMs.length * 16 + ROW_BYTES;
    this.#journal.set(seq, bytes);
    this.#journalBytes += bytes;
  }

  removeJournal(seqs: number[]): void {
    for (const seq of seqs) {
      this.#journalBytes -= this.#journal.get(seq) ?? 0;
      this.#journal.delete(seq);
    }
  }

  addHead(head: Head): void {
    this.#byThinness[head.thinness] += storedBytes(head);
  }

  setPage(page: number, bytes: number): void {
    const stored = bytes > 0 ? bytes + ROW_BYTES : 0;
    this.#pageBytes += stored - (this.#pages.get(page) ?? 0);
    if (stored > 0) this.#pages.set(page, stored);
    else this.#pages.delete(page);
  }

  clear(): void {
    this.#byThinness.fill(0);
    this.#pages.clear();
    this.#journal.clear();
    this.#pageBytes = 0;
    this.#journalBytes = 0;
    this.events = 0;
    this.seriesRows = 0;
  }

  apply({ series, heads, gone, pageBytes }: BlockChange): void {
    const before = new Set(series.heads);
    for (const head of gone) this.#byThinness[head.thinness] -= storedBytes(head);
    for (const head of heads) if (!before.has(head)) this.addHead(head);
    for (const [page, bytes] of pageBytes) this.setPage(page, bytes);
  }
}

function storedBytes({ bytes, fine }: Head): number {
  return bytes + (fine ? 2 : 1) * ROW_BYTES;
}
