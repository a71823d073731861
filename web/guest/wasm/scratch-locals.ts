/** Locals that a rewritten function needs on top of its own. */
import type { ByteWriter } from './byte-writer.ts';

/** What a slot of a type is for: up to three operands at a time, and the fuel. */
export const scratch = { first: 0, second: 1, third: 2, fuel: 3, base: 4 } as const;
type Slot = (typeof scratch)[keyof typeof scratch];
const SLOTS = 5;

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

  /** Locals of one type and different slots never share an index. */
  local(type: number, slot: Slot): number {
    const key = type * SLOTS + slot;
    const known = this.#byKey[key]!;
    if (known >= 0) return known;
    const index = this.#first + this.#types.length;
    this.#types.push(type);
    this.#byKey[key] = index;
    return index;
  }

  /** Whether the function has asked for it. */
  has(type: number, slot: Slot): boolean {
    return this.#byKey[type * SLOTS + slot]! >= 0;
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
