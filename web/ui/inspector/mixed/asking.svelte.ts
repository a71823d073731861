/** Something asked of a node that another runs. Resolves with its answer as a sentence, rejects with why none came; must settle. */
export type Ask = (() => void) | (() => Promise<string>);

/** What became of the last thing that was asked. */
export type AskState =
  | { kind: 'idle' }
  | { kind: 'waiting'; what: string }
  | { kind: 'answered'; what: string; sentence: string }
  | { kind: 'failed'; what: string; sentence: string };

/** Asks one thing at a time. */
export class Asking {
  #state = $state.raw<AskState>({ kind: 'idle' });

  get state(): AskState {
    return this.#state;
  }

  get waiting(): boolean {
    return this.#state.kind === 'waiting';
  }

  async ask(what: string, ask: Ask): Promise<void> {
    if (this.waiting) return;
    this.#state = { kind: 'waiting', what };
    try {
      const sentence = (await ask()) ?? 'Sent.';
      this.#state = { kind: 'answered', what, sentence };
    } catch (error) {
      this.#state = { kind: 'failed', what, sentence: error instanceof Error ? error.message : String(error) };
    }
  }
}
