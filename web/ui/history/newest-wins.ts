/**
 * Asks one question at a time. Questions that come meanwhile replace each other, so that only the newest
 * is asked next: a drag over a chart never builds up a queue.
 */
export class NewestWins<Question, Answer> {
  readonly #ask: (question: Question) => Promise<Answer>;
  readonly #take: (answer: Answer, question: Question) => void;
  readonly #fail: (error: unknown) => void;
  #next: { question: Question } | null = null;
  #asking = false;
  #stopped = false;

  constructor(
    ask: (question: Question) => Promise<Answer>,
    take: (answer: Answer, question: Question) => void,
    fail: (error: unknown) => void,
  ) {
    this.#ask = ask;
    this.#take = take;
    this.#fail = fail;
  }

  want(question: Question): void {
    this.#next = { question };
    if (!this.#asking) void this.#work();
  }

  /** What is on its way is no longer taken. */
  stop(): void {
    this.#stopped = true;
    this.#next = null;
  }

  async #work(): Promise<void> {
    this.#asking = true;
    for (let next = this.#next; next !== null && !this.#stopped; next = this.#next) {
      this.#next = null;
      try {
        const answer = await this.#ask(next.question);
        if (!this.#stopped) this.#take(answer, next.question);
      } catch (error) {
        if (!this.#stopped) this.#fail(error);
      }
    }
    this.#asking = false;
  }
}
