/**
 * The outbox in IndexedDB. A row costs far more than what is in it, so messages lie in blocks, as they were put, and those
 * that are gone from blocks with others left are listed in one row.
 */
import { Dexie, type Collection } from 'dexie';
import type { LinkDatabase, OutboxRow } from './link-database.ts';
import type { OutboxStore, StoredMessage } from './outbox-store.ts';

/** What is left of a block. */
interface Block {
  /** Of its first message: with the owner, its key. */
  sequence: number;
  left: number;
  /** Sequences. */
  gone: number[];
}

/** What is stored of the owner of an outbox. */
interface Kept {
  /** By the sequence of each message that is left. */
  blocks: Map<number, Block>;
  /** Those of which some messages are left and some are gone. */
  begun: Set<Block>;
}

/** The list of what is gone is written whole each time, so blocks stay small. */
const MOST_IN_BLOCK = 256;
/** Sequence numbers are above it. */
const GONE = -1;

export class DexieOutboxStore implements OutboxStore {
  readonly lasting = true;
  readonly #database: LinkDatabase;
  readonly #kept = new Map<string, Kept>();

  constructor(database: LinkDatabase) {
    this.#database = database;
  }

  async load(owner: string): Promise<StoredMessage[]> {
    const rows = await this.#of(owner).toArray();
    const gone = new Set(rows.flatMap((row) => ('gone' in row ? row.gone : [])));
    this.#kept.delete(owner);
    return rows.flatMap((row) => {
      if ('gone' in row) return [];
      // Rows of before hold a message each.
      const messages = 'messages' in row ? row.messages : [row];
      this.#note(owner, messages, gone);
      return messages.filter(({ sequence }) => !gone.has(sequence));
    });
  }

  async put(owner: string, messages: StoredMessage[]): Promise<void> {
    const blocks: StoredMessage[][] = [];
    for (let at = 0; at < messages.length; at += MOST_IN_BLOCK) blocks.push(messages.slice(at, at + MOST_IN_BLOCK));
    await this.#database.outbox.bulkPut(blocks.map((block) => ({ owner, sequence: block[0].sequence, messages: block })));
    for (const block of blocks) this.#note(owner, block, new Set());
  }

  async remove(owner: string, sequences: number[]): Promise<void> {
    const kept = this.#kept.get(owner);
    if (!kept) return;
    const emptied: [string, number][] = [];
    for (const sequence of sequences) {
      const block = kept.blocks.get(sequence);
      if (!block) continue;
      kept.blocks.delete(sequence);
      block.left -= 1;
      block.gone.push(sequence);
      if (block.left > 0) kept.begun.add(block);
      else {
        kept.begun.delete(block);
        emptied.push([owner, block.sequence]);
      }
    }
    const gone = [...kept.begun].flatMap((block) => block.gone);
    const { outbox } = this.#database;
    await this.#database.transaction('rw', outbox, async () => {
      await outbox.put({ owner, sequence: GONE, gone });
      await outbox.bulkDelete(emptied);
    });
  }

  async clear(owner: string): Promise<void> {
    this.#kept.delete(owner);
    await this.#of(owner).delete();
  }

  #note(owner: string, messages: readonly StoredMessage[], gone: ReadonlySet<number>): void {
    let kept = this.#kept.get(owner);
    if (!kept) this.#kept.set(owner, (kept = { blocks: new Map(), begun: new Set() }));
    const all = messages.map(({ sequence }) => sequence);
    const left = all.filter((each) => !gone.has(each));
    const block: Block = { sequence: all[0], left: left.length, gone: all.filter((each) => gone.has(each)) };
    for (const sequence of left) kept.blocks.set(sequence, block);
    if (block.gone.length > 0 && block.left > 0) kept.begun.add(block);
  }

  #of(owner: string): Collection<OutboxRow, [string, number]> {
    return this.#database.outbox.where('[owner+sequence]').between([owner, Dexie.minKey], [owner, Dexie.maxKey]);
  }
}
