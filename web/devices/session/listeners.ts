/** Who wants to hear of something; each `add` answers with what removes that listener again. */
export class Listeners<Args extends unknown[] = []> {
  readonly #all = new Set<(...args: Args) => void>();

  add(listener: (...args: Args) => void): () => void {
    // Wrapped, so that one function added twice is two listeners.
    const entry = (...args: Args) => listener(...args);
    this.#all.add(entry);
    return () => this.#all.delete(entry);
  }

  tell(...args: Args): void {
    for (const listener of [...this.#all]) listener(...args);
  }
}
