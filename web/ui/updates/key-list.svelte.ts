/** The keys as the dialog shows them, read again after each change. */
import type { Parsed } from '../../protocol/parsed.ts';
import type { KeyEntry, KeyStore } from '../../devices/signing/key-store.ts';

export class KeyList {
  readonly #store: KeyStore;
  #entries = $state.raw<KeyEntry[] | null>(null);
  #obstacle = $state<string | null>(null);
  #signing = $state('');

  constructor(store: KeyStore) {
    this.#store = store;
    void this.#read();
  }

  /** Null until they are read. */
  get entries(): KeyEntry[] | null {
    return this.#entries;
  }

  /** Those that can sign. */
  get mine(): KeyEntry[] {
    return (this.#entries ?? []).filter(({ mine }) => mine);
  }

  /** Why no key can be had here, as a sentence, or null. */
  get obstacle(): string | null {
    return this.#obstacle;
  }

  /** The key that will sign: the chosen one, or the first. */
  get signing(): KeyEntry | null {
    return this.mine.find(({ id }) => id === this.#signing) ?? this.mine[0] ?? null;
  }

  signWith(id: string): void {
    this.#signing = id;
  }

  /** Resolves with why it could not be made, or null. */
  async make(name: string): Promise<string | null> {
    const made = await this.#store.make(name);
    if (made.ok) this.#signing = made.value.id;
    return this.#after(made);
  }

  /** Resolves with why it could not be taken, or null. */
  async trust(name: string, publicKey: string): Promise<string | null> {
    return this.#after(await this.#store.trust(name, publicKey));
  }

  async remove(id: string): Promise<void> {
    await this.#store.remove(id);
    await this.#read();
  }

  async #after(answer: Parsed<KeyEntry>): Promise<string | null> {
    await this.#read();
    return answer.ok ? null : answer.reason;
  }

  async #read(): Promise<void> {
    this.#obstacle = await this.#store.obstacle();
    this.#entries = await this.#store.list();
  }
}
