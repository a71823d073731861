/** Stored blocks, decoded, many at once. */
import { decodeColumns, type Columns } from '../codec/columns.ts';
import type { Cells } from '../shape/pyramid.ts';
import { noSamples, type Samples } from '../shape/samples.ts';
import { BlockCache } from './block-cache.ts';
import type { HistoryDatabase } from './database.ts';
import { storageProblem } from './storage-problem.ts';

/** Decoded blocks of 4,096 samples are 48 kB: room for those of a hundred lines. */
const CACHE_BYTES = 96 * 1024 * 1024;

/** The block was replaced meanwhile: whoever reads takes the heads anew and tries again. */
export class BlockGone extends Error {}

export interface StoredBlocks {
  /** Rejects with `BlockGone`. A block that cannot be read has no samples. */
  samples(blocks: number[]): Promise<Map<number, Samples>>;
  /** Rejects with `BlockGone`. Null for a block without fine cells. */
  fineCells(blocks: number[]): Promise<Map<number, Cells | null>>;
}

export class BlockReader implements StoredBlocks {
  readonly #cache = new BlockCache(CACHE_BYTES);
  readonly #database: HistoryDatabase;
  #problem: string | null = null;
  #damaged = 0;

  constructor(database: HistoryDatabase) {
    this.#database = database;
  }

  /** Why something that is stored is not shown, as a sentence, or null. */
  get problem(): string | null {
    if (this.#problem !== null) return this.#problem;
    return this.#damaged > 0 ? `${this.#damaged} stored blocks of history are damaged and are left out.` : null;
  }

  async samples(blocks: number[]): Promise<Map<number, Samples>> {
    const read = await this.#read('blocks', blocks);
    return new Map(blocks.map((block, i) => [block, read[i] ? { timeMs: read[i].timeMs, value: read[i].values[0]! } : noSamples]));
  }

  async fineCells(blocks: number[]): Promise<Map<number, Cells | null>> {
    const read = await this.#read('fine', blocks);
    return new Map(
      blocks.map((block, i) => [block, read[i] ? { timeMs: read[i].timeMs, min: read[i].values[0]!, max: read[i].values[1]! } : null]),
    );
  }

  forget(blocks: number[]): void {
    for (const block of blocks) {
      this.#cache.delete(`blocks ${block}`);
      this.#cache.delete(`fine ${block}`);
    }
  }

  clear(): void {
    this.#cache.clear();
    this.#damaged = 0;
  }

  async #read(table: 'blocks' | 'fine', blocks: number[]): Promise<(Columns | null)[]> {
    const found = blocks.map((block) => this.#cache.get(`${table} ${block}`) ?? null);
    const missing = blocks.flatMap((_, i) => (found[i] ? [] : [i]));
    if (missing.length === 0) return found;
    let rows: (Uint8Array<ArrayBuffer> | undefined)[];
    try {
      rows = await this.#database[table].bulkGet(missing.map((i) => blocks[i]!));
    } catch (error) {
      this.#problem = storageProblem(error);
      return found;
    }
    this.#problem = null;
    await Promise.all(
      missing.map(async (i, at) => {
        const bytes = rows[at];
        if (!bytes) throw new BlockGone();
        try {
          found[i] = await decodeColumns(bytes);
          this.#cache.put(`${table} ${blocks[i]}`, found[i]);
        } catch {
          this.#damaged += 1;
        }
      }),
    );
    return found;
  }
}
