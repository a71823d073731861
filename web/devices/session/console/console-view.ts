/** The lines of a console that pass a filter, kept up to date while it grows; long searches work in slices of time. */
import { type Parsed } from '../../../protocol/parsed.ts';
import { type Clock, wallClock } from '../clock.ts';
import { Listeners } from '../listeners.ts';
import type { BoardConsole } from './board-console.ts';
import { compileSearch, type ConsoleFilter, everyLevel, passesAll, type Search } from './console-search.ts';

/** A frame has 16 ms, and the page draws in it too. */
const SLICE_MS = 8;
const BETWEEN_CLOCK_LOOKS = 256;
/** The front of the list is given back once that much of it fell out of the console. */
const MOST_STALE = 10_000;

export class ConsoleView {
  readonly #console: BoardConsole;
  readonly #clock: Clock;
  readonly #listeners = new Listeners();
  readonly #unsubscribe: () => void;
  #filter = passesAll;
  #search: Search;
  /** Numbers of lines that pass, ascending; those before `#from` fell out of the console. */
  #passing: number[] = [];
  #from = 0;
  /** Lines before this were looked at. */
  #next: number;
  #cancelSlice: (() => void) | null = null;

  constructor(console: BoardConsole, clock: Clock = wallClock) {
    this.#console = console;
    this.#clock = clock;
    this.#search = { passes: () => true, ranges: () => [] };
    this.#next = console.first;
    this.#unsubscribe = console.subscribe(() => this.#lookOn());
    this.#slice();
  }

  get filter(): ConsoleFilter {
    return this.#filter;
  }

  /** Whether lines wait to be looked at. */
  get searching(): boolean {
    return this.#cancelSlice !== null;
  }

  get length(): number {
    return this.#everyLine ? this.#console.shownEnd - this.#console.first : this.#passing.length - this.#from;
  }

  /** Number of the line at this place among those that pass. */
  lineAt(index: number): number {
    return this.#everyLine ? this.#console.first + index : this.#passing[this.#from + index]!;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Refused, with a sentence, for a broken regular expression; the old filter then stays. */
  setFilter(filter: ConsoleFilter): Parsed<null> {
    const search = compileSearch(filter);
    if (!search.ok) return search;
    this.#filter = filter;
    this.#search = search.value;
    this.#passing = [];
    this.#from = 0;
    this.#next = this.#console.first;
    this.#lookOn();
    return { ok: true, value: null };
  }

  /** What the search found in a line, to highlight it. */
  ranges(text: string): readonly [from: number, to: number][] {
    return this.#search.ranges(text);
  }

  /** Hears no more of the console. */
  stop(): void {
    this.#unsubscribe();
    this.#cancelSlice?.();
    this.#cancelSlice = null;
  }

  /** Then no list is needed. */
  get #everyLine(): boolean {
    const { levels, tag, search } = this.#filter;
    return tag === '' && search === '' && [...everyLevel].every((level) => levels.has(level));
  }

  #lookOn(): void {
    this.#cancelSlice?.();
    this.#slice();
  }

  #slice(): void {
    this.#cancelSlice = null;
    const first = this.#console.first;
    const end = this.#console.shownEnd;
    // A cleared console keeps no line that was listed, a resumed one shows more.
    this.#dropBefore(first);
    this.#next = this.#everyLine ? end : Math.max(this.#next, first);
    const untilMs = this.#clock.nowMs() + SLICE_MS;
    while (this.#next < end) {
      if (this.#passes(this.#next)) this.#passing.push(this.#next);
      this.#next++;
      if (this.#next % BETWEEN_CLOCK_LOOKS === 0 && this.#clock.nowMs() >= untilMs) break;
    }
    if (this.#next < end) this.#cancelSlice = this.#clock.after(0, () => this.#slice());
    this.#listeners.tell();
  }

  #passes(number: number): boolean {
    const { levels, tag } = this.#filter;
    if (!levels.has(this.#console.levelOf(number))) return false;
    if (tag !== '' && this.#console.tagOf(number) !== tag) return false;
    return this.#search.passes(this.#console.textOf(number));
  }

  #dropBefore(first: number): void {
    while (this.#from < this.#passing.length && this.#passing[this.#from]! < first) this.#from++;
    if (this.#from < MOST_STALE && this.#from < this.#passing.length) return;
    this.#passing.splice(0, this.#from);
    this.#from = 0;
  }
}
