/** The latest lines of a console, bounded in number and in characters; a line keeps its number for ever. */
import { type Level, levels, type LogLine } from './log-line.ts';

export interface RingLimits {
  lines: number;
  characters: number;
}

export const consoleLimits: RingLimits = { lines: 100_000, characters: 32_000_000 };

/** Tags are few, but noise may look like tags. */
const MOST_TAGS = 4096;

export class LineRing {
  readonly #limits: RingLimits;
  readonly #texts: string[] = [];
  /** Index in `levels` plus one; 0: none. */
  readonly #levels: Uint8Array;
  /** NaN: not said. */
  readonly #bootMs: Float64Array;
  readonly #atMs: Float64Array;
  readonly #tags: Uint16Array;
  readonly #messageAt: Uint16Array;
  readonly #tagNames: string[] = [''];
  readonly #tagIds = new Map([['', 0]]);
  #first = 0;
  #end = 0;
  #characters = 0;
  #lost = 0;

  constructor(limits: RingLimits = consoleLimits) {
    this.#limits = limits;
    this.#levels = new Uint8Array(limits.lines);
    this.#bootMs = new Float64Array(limits.lines);
    this.#atMs = new Float64Array(limits.lines);
    this.#tags = new Uint16Array(limits.lines);
    this.#messageAt = new Uint16Array(limits.lines);
  }

  /** Number of the oldest line that is kept. */
  get first(): number {
    return this.#first;
  }

  /** One more than the number of the latest line. */
  get end(): number {
    return this.#end;
  }

  /** Lines that fell out because of the bounds. */
  get lost(): number {
    return this.#lost;
  }

  push(line: LogLine, atMs: number): void {
    if (this.#end - this.#first === this.#limits.lines) this.#drop();
    const slot = this.#end % this.#limits.lines;
    this.#texts[slot] = line.text;
    this.#levels[slot] = line.level === null ? 0 : levels.indexOf(line.level) + 1;
    this.#bootMs[slot] = line.bootMs ?? NaN;
    this.#atMs[slot] = atMs;
    this.#tags[slot] = this.#tagId(line.tag);
    this.#messageAt[slot] = line.messageAt;
    this.#end++;
    this.#characters += line.text.length;
    while (this.#characters > this.#limits.characters && this.#end - this.#first > 1) this.#drop();
  }

  /** Of a line that is kept. */
  text(number: number): string {
    return this.#texts[this.#slot(number)]!;
  }

  level(number: number): Level | null {
    return levels[this.#levels[this.#slot(number)]! - 1] ?? null;
  }

  tag(number: number): string {
    return this.#tagNames[this.#tags[this.#slot(number)]!]!;
  }

  /** Milliseconds since boot, or null. */
  bootMs(number: number): number | null {
    const ms = this.#bootMs[this.#slot(number)]!;
    return Number.isNaN(ms) ? null : ms;
  }

  /** When it came, since 1970. */
  atMs(number: number): number {
    return this.#atMs[this.#slot(number)]!;
  }

  messageAt(number: number): number {
    return this.#messageAt[this.#slot(number)]!;
  }

  /** Forgets all lines, which then are not lost but put away. */
  clear(): void {
    this.#texts.length = 0;
    this.#first = this.#end;
    this.#characters = 0;
    this.#lost = 0;
  }

  #drop(): void {
    const slot = this.#first % this.#limits.lines;
    this.#characters -= this.#texts[slot]!.length;
    this.#texts[slot] = '';
    this.#first++;
    this.#lost++;
  }

  #slot(number: number): number {
    if (number < this.#first || number >= this.#end) throw new RangeError(`Line ${number} is not kept.`);
    return number % this.#limits.lines;
  }

  #tagId(tag: string): number {
    const known = this.#tagIds.get(tag);
    if (known !== undefined) return known;
    if (this.#tagNames.length === MOST_TAGS) return 0;
    this.#tagIds.set(tag, this.#tagNames.length);
    return this.#tagNames.push(tag) - 1;
  }
}
