/** Decoded columns of blocks, the least recently asked for dropped beyond a number of bytes. */
import type { Columns } from '../codec/columns.ts';

export class BlockCache {
  readonly #mostBytes: number;
  /** In the order of their last use. */
  readonly #columns = new Map<string, Columns>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get(key: string): Columns | undefined {
    const found = this.#columns.get(key);
    if (found) {
      this.#columns.delete(key);
      this.#columns.set(key, found);
    }
    return found;
  }

  put(key: string, columns: Columns): void {
    this.delete(key);
    this.#columns.set(key, columns);
    this.#bytes += sizeOf(columns);
    for (const oldest of this.#columns.keys()) {
      if (this.#bytes <= this.#mostBytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const found = this.#columns.get(key);
    if (!found) return;
    this.#columns.delete(key);
    this.#bytes -= sizeOf(found);
  }

  clear(): void {
    this.#columns.clear();
    this.#bytes = 0;
  }
}

function sizeOf({ timeMs, values }: Columns): number {
  return timeMs.byteLength + values.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
