/**
 * Big WebAssembly memories in which every guest owns a window: a process gets only about 125 memories, and a
 * memory has at most 4 GiB.
 */
import { StringTable } from './string-table.ts';
import { PAGE_BYTES } from './wasm/module-types.ts';
import { STATE_BYTES_PER_PAGE } from './wasm/transformed-names.ts';

/** A memory grows by this much at a time, so that views are seldom replaced. */
const GROW_PAGES = 256;
const MAX_PAGES = 65_536;
/** Of the operating system; a page that was never written to takes no room until somebody does. */
const SYSTEM_PAGE_BYTES = 4096;
/**
 * Windows begin in the middle of such a page. Linkers put a guest's stack, which grows down, right before its data
 * where both are small: they then share a page, and ten thousand guests take forty megabytes less.
 */
const SHIFT_BYTES = SYSTEM_PAGE_BYTES / 2;
/** At the beginning of a memory: room for the state of the guest of every window, close together. */
const STATE_PAGES = (MAX_PAGES * STATE_BYTES_PER_PAGE) / PAGE_BYTES;

export class ArenaFullError extends Error {
  constructor(pages: number) {
    super(
      `There is no room for another guest of ${pages} page(s) of 64 KiB: the browser gives this tab no more memory. Run fewer nodes, or close other tabs.`,
    );
  }
}

/** One memory and who has what of it. */
class Tract {
  readonly memory = new WebAssembly.Memory({ initial: 0, maximum: MAX_PAGES });
  #view = new Uint8Array(this.memory.buffer);
  #nextPage = STATE_PAGES;

  get bytes(): Uint8Array {
    // The view of before is empty once the memory has grown.
    if (this.#view.byteLength === 0) this.#view = new Uint8Array(this.memory.buffer);
    return this.#view;
  }

  /** Byte address of so many fresh pages; null when there are not that many left. Throws `ArenaFullError`. */
  take(pages: number): number | null {
    const end = this.#nextPage + pages;
    // The last window reaches into one page more, for the shift.
    if (end + 1 > MAX_PAGES) return null;
    const have = this.memory.buffer.byteLength / PAGE_BYTES;
    if (end + 1 > have) {
      try {
        this.memory.grow(Math.max(end + 1 - have, Math.min(GROW_PAGES, MAX_PAGES - have)));
      } catch {
        throw new ArenaFullError(pages);
      }
    }
    const base = this.#nextPage * PAGE_BYTES + SHIFT_BYTES;
    this.#nextPage = end;
    return base;
  }
}

/** A guest's part of a memory. */
export class Window {
  readonly #tract: Tract;
  /** Byte address of its first byte. */
  readonly base: number;

  constructor(tract: Tract, base: number) {
    this.#tract = tract;
    this.base = base;
  }

  get memory(): WebAssembly.Memory {
    return this.#tract.memory;
  }

  /** Byte address of the host's room for what the guest has outside its memory. */
  get state(): number {
    return Math.floor(this.base / PAGE_BYTES) * STATE_BYTES_PER_PAGE;
  }

  /** The whole memory; a new view after the memory has grown, so never keep it. */
  bytes(): Uint8Array {
    return this.#tract.bytes;
  }
}

export class Arena {
  /** What the guests in it have said. */
  readonly strings = new StringTable();
  #tract: Tract | null = null;
  /** Given back, by their size in pages. */
  readonly #free = new Map<number, Window[]>();
  #inUse = 0;

  /** A zeroed window of `pages` pages. Throws `ArenaFullError`. */
  allocate(pages: number): Window {
    const window = this.#free.get(pages)?.pop() ?? this.#fresh(pages);
    this.#inUse += 1;
    return window;
  }

  /** Takes a window back. No guest may touch it afterwards. */
  free(window: Window, pages: number): void {
    this.#inUse -= 1;
    if (this.#inUse === 0 && window.bytes().byteLength > GROW_PAGES * PAGE_BYTES) {
      // The last guest of a fleet has gone: its memory goes with it, and the next fleet begins with an empty one.
      this.#free.clear();
      this.#tract = null;
      return;
    }
    clear(window.bytes(), window.base, pages);
    const windows = this.#free.get(pages);
    if (windows) windows.push(window);
    else this.#free.set(pages, [window]);
  }

  #fresh(pages: number): Window {
    let base = this.#tract?.take(pages) ?? null;
    if (base === null) {
      this.#tract = newTract(pages);
      base = this.#tract.take(pages);
    }
    if (base === null) throw new ArenaFullError(pages);
    return new Window(this.#tract as Tract, base);
  }
}

function newTract(pages: number): Tract {
  try {
    return new Tract();
  } catch {
    throw new ArenaFullError(pages);
  }
}

/** Zeroes what is not zero: a write to the untouched pages of a window would make the system find room for them. */
function clear(bytes: Uint8Array, base: number, pages: number): void {
  const words = new Float64Array(bytes.buffer, base, (pages * PAGE_BYTES) / 8);
  const perPage = SYSTEM_PAGE_BYTES / 8;
  for (let start = 0; start < words.length; start += perPage) {
    let at = start;
    // Not `=== 0`, which a negative zero would pass, whose sign bit is set.
    while (at < start + perPage && Object.is(words[at], 0)) at += 1;
    if (at < start + perPage) words.fill(0, start, start + perPage);
  }
}
