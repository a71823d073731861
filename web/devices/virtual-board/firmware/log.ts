/** Lines of text in ESP-IDF's format: `L (MS) TAG: text`. */
export type Level = 'E' | 'W' | 'I';

/** So much may wait for the line; a guest that logs without end must not make the board wait. */
const MOST_PENDING_BYTES = 8192;

export class Log {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #pendingBytes: () => number;
  readonly #bootMs: () => number;
  #skipped = 0;

  /** @param bootMs since boot */
  constructor(write: (bytes: Uint8Array) => void, pendingBytes: () => number, bootMs: () => number) {
    this.#write = write;
    this.#pendingBytes = pendingBytes;
    this.#bootMs = bootMs;
  }

  info(tag: string, text: string): void {
    this.#say('I', tag, text);
  }

  warn(tag: string, text: string): void {
    this.#say('W', tag, text);
  }

  error(tag: string, text: string): void {
    this.#say('E', tag, text);
  }

  #say(level: Level, tag: string, text: string): void {
    if (this.#pendingBytes() > MOST_PENDING_BYTES) {
      this.#skipped += 1;
      return;
    }
    if (this.#skipped > 0) {
      const skipped = this.#skipped;
      this.#skipped = 0;
      this.#say('W', 'log', `${skipped} lines were left out because the serial line is slower than what is said`);
    }
    // One entry is one line, whatever a guest put into its text.
    // eslint-disable-next-line no-control-regex
    const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ');
    this.#write(new TextEncoder().encode(`${level} (${Math.floor(this.#bootMs())}) ${tag}: ${line}\r\n`));
  }
}
