/** What a board wrote for people: its latest lines, paused and resumed, with what went wrong explained. */
import { type Clock, wallClock } from '../clock.ts';
import type { CrashReport } from '../crash/crash.ts';
import { CrashWatch } from '../crash/crash-watch.ts';
import { Listeners } from '../listeners.ts';
import { LineAssembler } from './line-assembler.ts';
import { consoleLimits, LineRing, type RingLimits } from './line-ring.ts';
import { type Level, parseLogLine } from './log-line.ts';

export interface ConsoleLine {
  /** Counts from 0 and is never used again. */
  number: number;
  level: Level | null;
  /** Milliseconds since boot; null where the line does not say. */
  bootMs: number | null;
  tag: string;
  text: string;
  /** `text` without level, time and tag. */
  message: string;
  /** When it came, since 1970. */
  atMs: number;
  /** What was recognised in this line. */
  crash: CrashReport | null;
}

/** More would redraw a page oftener than people read. */
const TELL_EVERY_MS = 50;

export class BoardConsole {
  readonly #clock: Clock;
  readonly #ring: LineRing;
  readonly #watch = new CrashWatch();
  readonly #listeners = new Listeners();
  #assembler = new LineAssembler();
  #pausedAt: number | null = null;
  #toldAtMs = -Infinity;
  #telling = false;

  constructor(clock: Clock = wallClock, limits: RingLimits = consoleLimits) {
    this.#clock = clock;
    this.#ring = new LineRing(limits);
  }

  /** Number of the oldest line that is kept. */
  get first(): number {
    return this.#ring.first;
  }

  /** One more than the number of the latest line. */
  get end(): number {
    return this.#ring.end;
  }

  /** Lines that fell out because no more are kept. */
  get lost(): number {
    return this.#ring.lost;
  }

  /** The end of what is to be shown: while paused, where it stood then. */
  get shownEnd(): number {
    return Math.max(this.first, this.#pausedAt ?? this.end);
  }

  get paused(): boolean {
    return this.#pausedAt !== null;
  }

  /** The line that the board is still writing. */
  get partial(): string {
    return parseLogLine(this.#assembler.partial).text;
  }

  /** The latest last; those whose lines fell out stay. */
  get crashes(): readonly CrashReport[] {
    return this.#watch.reports;
  }

  /** At most every 50 ms, when anything changed. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Lines go on being kept; only `shownEnd` stands still. */
  pause(): void {
    this.#pausedAt ??= this.end;
    this.#changed();
  }

  resume(): void {
    this.#pausedAt = null;
    this.#changed();
  }

  clear(): void {
    this.#ring.clear();
    if (this.paused) this.#pausedAt = this.end;
    this.#watch.clear();
    this.#changed();
  }

  /** Null for a line that is not kept. */
  line(number: number): ConsoleLine | null {
    const ring = this.#ring;
    if (number < ring.first || number >= ring.end) return null;
    const text = ring.text(number);
    return {
      number,
      level: ring.level(number),
      bootMs: ring.bootMs(number),
      tag: ring.tag(number),
      text,
      message: text.slice(ring.messageAt(number)),
      atMs: ring.atMs(number),
      crash: this.#watch.of(number),
    };
  }

  /** Of a line that is kept; cheaper than `line` where many are looked through. */
  textOf(number: number): string {
    return this.#ring.text(number);
  }

  levelOf(number: number): Level | null {
    return this.#ring.level(number);
  }

  tagOf(number: number): string {
    return this.#ring.tag(number);
  }

  /** All kept lines and the one being written, for a file; what was lost is said in the first line. */
  text(): string {
    const lines = [];
    if (this.lost > 0) lines.push(`[${this.lost} older lines were not kept]`);
    for (let number = this.first; number < this.end; number++) lines.push(this.#ring.text(number));
    if (this.partial !== '') lines.push(this.partial);
    return lines.map((line) => `${line}\n`).join('');
  }

  /** What was recognised before says nothing of the board as it is now. */
  forgetCrashes(): void {
    this.#watch.clear();
    this.#changed();
  }

  /** Bytes of text as they come from the line. */
  push(bytes: Uint8Array): void {
    this.#add(this.#assembler.push(bytes));
  }

  /** The board's line was cut or closed: what it was writing stays as it is. */
  endLine(): void {
    this.#add(this.#assembler.end());
  }

  /** What befell the line, between what the board wrote. */
  note(sentence: string): void {
    this.endLine();
    this.#ring.push({ text: `-- ${sentence}`, level: null, bootMs: null, tag: '', messageAt: 3 }, this.#clock.nowMs());
    this.#changed();
  }

  /** The page resets the board now: that is not the board's failure. */
  expectReset(): void {
    this.#watch.expectReset(this.#clock.nowMs());
  }

  #add(lines: readonly string[]): void {
    const atMs = this.#clock.nowMs();
    for (const raw of lines) {
      const line = parseLogLine(raw);
      // A board ends its line before each frame, which leaves empty ones.
      if (line.text === '') continue;
      const crash = this.#watch.see(line.text, this.#ring.end, atMs);
      this.#ring.push(crash !== null && crash.kind !== 'notice' ? { ...line, level: 'error' } : line, atMs);
    }
    this.#changed();
  }

  #changed(): void {
    if (this.#telling) return;
    this.#telling = true;
    const waitMs = Math.max(0, this.#toldAtMs + TELL_EVERY_MS - this.#clock.nowMs());
    this.#clock.after(waitMs, () => {
      this.#telling = false;
      this.#toldAtMs = this.#clock.nowMs();
      this.#listeners.tell();
    });
  }
}
