/** Locals that a rewritten function needs on top of its own. */
import type { ByteWriter } from './byte-writer.ts';

const SLOTS = 3;

export class ScratchLocals {
  #first = 0;
  /** Value type byte of each scratch local. */
  readonly #types: number[] = [];
  /** Local index by `type * SLOTS + slot`; -1 where there is none. */
  readonly #byKey = new Int32Array(0x80 * SLOTS).fill(-1);

  /** Begins a function whose parameters and own locals number `first`. */
  reset(first: number): void {
    this.#first = first;
    if (this.#types.length > 0) {
      this.#types.length = 0;
      this.#byKey.fill(-1);
    }
  }

  /** Locals of one type and different slots (0 to 2) never share an index. */
  local(type: number, slot: 0 | 1 | 2): number {
    const key = type * SLOTS + slot;
    const known = this.#byKey[key]!;
    if (known >= 0) return known;
    const index = this.#first + this.#types.length;
    this.#types.push(type);
    this.#byKey[key] = index;
    return index;
  }

  get count(): number {
    return this.#types.length;
  }

  /** One group of local declarations for each. */
  declare(out: ByteWriter): void {
    for (const type of this.#types) {
      out.u8(1);
      out.u8(type);
    }
  }
}
