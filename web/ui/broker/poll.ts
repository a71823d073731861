/** Asks again and again while there is a reason to, and never twice at once. */
export class Poll {
  readonly #ask: () => Promise<void>;
  readonly #everyMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;
  #asking: Promise<void> | null = null;

  /** @param ask may not reject */
  constructor(ask: () => Promise<void>, everyMs: number) {
    this.#ask = ask;
    this.#everyMs = everyMs;
  }

  run(wanted: boolean): void {
    if (wanted === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = wanted ? setInterval(() => void (this.#asking ?? this.#start()), this.#everyMs) : undefined;
  }

  /** Resolves with an answer to a question put from now on: one under way may tell of what was before. */
  async now(): Promise<void> {
    await this.#asking;
    await (this.#asking ?? this.#start());
  }

  #start(): Promise<void> {
    this.#asking = this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }
}
