/** The outbox in IndexedDB. */
import { Dexie, type Collection } from 'dexie';
import type { LinkDatabase, OutboxRow } from './link-database.ts';
import type { OutboxStore, StoredMessage } from './outbox-store.ts';

export class DexieOutboxStore implements OutboxStore {
  readonly lasting = true;
  readonly #database: LinkDatabase;

  constructor(database: LinkDatabase) {
    this.#database = database;
  }

  async load(owner: string): Promise<StoredMessage[]> {
    return this.#of(owner).toArray();
  }

  async put(owner: string, messages: StoredMessage[]): Promise<void> {
    await this.#database.outbox.bulkPut(messages.map((message) => ({ ...message, owner })));
  }

  async remove(owner: string, sequences: number[]): Promise<void> {
    await this.#database.outbox.bulkDelete(sequences.map((sequence): [string, number] => [owner, sequence]));
  }

  async clear(owner: string): Promise<void> {
    await this.#of(owner).delete();
  }

  #of(owner: string): Collection<OutboxRow, [string, number]> {
    return this.#database.outbox.where('[owner+sequence]').between([owner, Dexie.minKey], [owner, Dexie.maxKey]);
  }
}
