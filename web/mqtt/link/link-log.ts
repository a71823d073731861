/** What happened to the connection, for people; the latest first. */
const KEPT = 100;

export class LinkLog {
  readonly #nowMs: () => number;
  #entries: { atMs: number; text: string }[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get entries(): { atMs: number; text: string }[] {
    return this.#entries;
  }

  /** The same sentence twice in a row is said once, with its latest time. */
  say(text: string): void {
    const rest = this.#entries[0]?.text === text ? this.#entries.slice(1) : this.#entries;
    this.#entries = [{ atMs: this.#nowMs(), text }, ...rest].slice(0, KEPT);
  }
}
