/** Virtual boards between visits: what each is, and its flash in blocks; erased blocks are not kept. */
import { Dexie, type EntityTable, type Table } from 'dexie';
import type { NewBoard } from '../devices/virtual-board/virtual-boards-port.ts';

export interface KeptBoard extends NewBoard {
  id: string;
  /** Since 1970; the order in which they are listed. */
  madeMs: number;
}

interface FlashBlock {
  board: string;
  block: number;
  bytes: Uint8Array;
}

type BoardDatabase = Dexie & {
  boards: EntityTable<KeptBoard, 'id'>;
  blocks: Table<FlashBlock, [string, number]>;
};

export const BLOCK_BYTES = 0x10000;

/** Each method rejects when the browser's storage is full or switched off. */
export interface BoardShelf {
  list(): Promise<KeptBoard[]>;
  add(board: KeptBoard): Promise<void>;
  remove(id: string): Promise<void>;
  /** The whole flash; what was never kept reads as erased. */
  flash(board: KeptBoard): Promise<Uint8Array>;
  /** @param blocks by their number, `BLOCK_BYTES` each */
  keep(id: string, blocks: ReadonlyMap<number, Uint8Array>): Promise<void>;
}

export class DexieBoardShelf implements BoardShelf {
  readonly #database: BoardDatabase;

  constructor() {
    const database = new Dexie('continuum-boards') as BoardDatabase;
    database.version(1).stores({ boards: 'id', blocks: '[board+block]' });
    this.#database = database;
  }

  async list(): Promise<KeptBoard[]> {
    return (await this.#database.boards.toArray()).sort((a, b) => a.madeMs - b.madeMs);
  }

  async add(board: KeptBoard): Promise<void> {
    await this.#database.boards.put(board);
  }

  async remove(id: string): Promise<void> {
    const { boards, blocks } = this.#database;
    await this.#database.transaction('rw', boards, blocks, async () => {
      await boards.delete(id);
      await blocks.where('[board+block]').between([id, Dexie.minKey], [id, Dexie.maxKey]).delete();
    });
  }

  async flash({ id, flashBytes }: KeptBoard): Promise<Uint8Array> {
    const flash = new Uint8Array(flashBytes).fill(0xff);
    const kept = await this.#database.blocks.where('[board+block]').between([id, Dexie.minKey], [id, Dexie.maxKey]).toArray();
    for (const { block, bytes } of kept) flash.set(bytes, block * BLOCK_BYTES);
    return flash;
  }

  async keep(id: string, blocks: ReadonlyMap<number, Uint8Array>): Promise<void> {
    const [full, erased] = [[] as FlashBlock[], [] as [string, number][]];
    for (const [block, bytes] of blocks) {
      if (bytes.every((byte) => byte === 0xff)) erased.push([id, block]);
      else full.push({ board: id, block, bytes });
    }
    // Together, so that a tab closed in between leaves no half of it.
    await this.#database.transaction('rw', this.#database.blocks, async () => {
      await this.#database.blocks.bulkPut(full);
      await this.#database.blocks.bulkDelete(erased);
    });
  }
}
