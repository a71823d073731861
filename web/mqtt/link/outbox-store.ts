/** Where messages lie that the broker has not acknowledged, so that a closed tab loses nothing. */

/** As it goes to the broker; its sequence number makes its message id. */
export interface StoredMessage {
  /** Greater than those of all messages before it. */
  sequence: number;
  /** With its root. */
  topic: string;
  payload: string | Uint8Array;
  retain: boolean;
  userProperties: Record<string, string> | null;
  responseTopic: string | null;
  correlationData: string | null;
  expiryS: number | null;
  /** When it was handed over, since 1970. */
  atMs: number;
}

/** `owner` names broker and client id together: what is meant for one broker never goes to another. */
export interface OutboxStore {
  /** Whether what it holds outlives the tab. */
  readonly lasting: boolean;
  /** In the order of their sequence. */
  load(owner: string): Promise<StoredMessage[]>;
  put(owner: string, messages: StoredMessage[]): Promise<void>;
  remove(owner: string, sequences: number[]): Promise<void>;
  clear(owner: string): Promise<void>;
}

/** For where the browser stores nothing: it outlives a change of brokers, but not the tab. */
export class MemoryOutboxStore implements OutboxStore {
  readonly lasting = false;
  readonly #owners = new Map<string, Map<number, StoredMessage>>();

  load(owner: string): Promise<StoredMessage[]> {
    return Promise.resolve([...this.#of(owner).values()].sort((a, b) => a.sequence - b.sequence));
  }

  put(owner: string, messages: StoredMessage[]): Promise<void> {
    for (const message of messages) this.#of(owner).set(message.sequence, message);
    return Promise.resolve();
  }

  remove(owner: string, sequences: number[]): Promise<void> {
    for (const sequence of sequences) this.#of(owner).delete(sequence);
    return Promise.resolve();
  }

  clear(owner: string): Promise<void> {
    this.#owners.delete(owner);
    return Promise.resolve();
  }

  #of(owner: string): Map<number, StoredMessage> {
    let messages = this.#owners.get(owner);
    if (!messages) this.#owners.set(owner, (messages = new Map()));
    return messages;
  }
}
