/** Chance that a printed seed brings back. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export class Chance {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number, stream: number) {
    this.#generator = xoroshiro128plus(Math.imul(seed, 0x9e37_79b1) ^ Math.imul(stream + 1, 0x85eb_ca6b));
  }

  /** 0 to 2^32 - 1 */
  bits(): number {
    return this.#generator.next() >>> 0;
  }

  below(limit: number): number {
    return this.bits() % limit;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.bits() >>> 24);
  }
}
