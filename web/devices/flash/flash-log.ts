/** What was done and answered, line by line, for a bug report. Contents of flash never go into it, since settings lie there. */
import type { FlasherClock } from './flasher-clock.ts';

const mostLines = 4000;

export class FlashLog {
  readonly #clock: FlasherClock;
  readonly #startMs: number;
  readonly #lines: string[] = [];
  #dropped = 0;

  constructor(clock: FlasherClock) {
    this.#clock = clock;
    this.#startMs = clock.nowMs();
  }

  add(line: string): void {
    const seconds = ((this.#clock.nowMs() - this.#startMs) / 1000).toFixed(3);
    this.#lines.push(`${seconds.padStart(9)} ${line}`);
    if (this.#lines.length > mostLines) {
      // The beginning says what board it is; the end says how it failed.
      this.#lines.splice(mostLines / 4, 1);
      this.#dropped++;
    }
  }

  get text(): string {
    const dropped = this.#dropped > 0 ? [`(${this.#dropped} lines were left out after the first ${mostLines / 4})`] : [];
    return [...this.#lines, ...dropped].join('\n');
  }
}
