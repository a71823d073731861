/** One big WebAssembly memory in which every guest owns a window: a process gets only about 125 memories. */

const PAGE_BYTES = 65_536;
/** The memory grows by this much at a time, so that views are seldom replaced. */
const GROW_PAGES = 64;
const MAX_PAGES = 65_536;

export class ArenaFullError extends Error {
  constructor(pages: number) {
    super(
      `There is no room for another guest of ${pages} page(s): the tab's 4 GiB of guest memory are used up. Run fewer nodes.`,
    );
  }
}

export class Arena {
  readonly memory = new WebAssembly.Memory({ initial: 0 });
  #bytes = new Uint8Array(this.memory.buffer);
  #nextPage = 0;
  /** Freed windows by their size in pages. */
  readonly #free = new Map<number, number[]>();

  /** The whole memory; a new view after the memory has grown, so never keep it. */
  get bytes(): Uint8Array {
    if (this.#bytes.byteLength === 0 || this.#bytes.buffer !== this.memory.buffer) {
      this.#bytes = new Uint8Array(this.memory.buffer);
    }
    return this.#bytes;
  }

  /** Byte address of a zeroed window of `pages` pages. Throws `ArenaFullError`. */
  allocate(pages: number): number {
    const reused = this.#free.get(pages)?.pop();
    if (reused !== undefined) return reused;
    const end = this.#nextPage + pages;
    const have = this.memory.buffer.byteLength / PAGE_BYTES;
    if (end > have) this.#grow(Math.max(end - have, Math.min(GROW_PAGES, MAX_PAGES - have)), pages);
    const base = this.#nextPage * PAGE_BYTES;
    this.#nextPage = end;
    return base;
  }

  /** Takes a window back. No guest may touch it afterwards. */
  free(base: number, pages: number): void {
    this.bytes.fill(0, base, base + pages * PAGE_BYTES);
    const windows = this.#free.get(pages);
    if (windows) windows.push(base);
    else this.#free.set(pages, [base]);
  }

  #grow(byPages: number, wantedPages: number): void {
    try {
      this.memory.grow(byPages);
    } catch {
      throw new ArenaFullError(wantedPages);
    }
  }
}
