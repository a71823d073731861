/** Chance for the models: named streams that give the same draws on every machine and engine. */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { exp, ln } from './models/elementary.ts';

type Generator = ReturnType<typeof xoroshiro128plusFromState>;

/**
 * The Ziggurat of Marsaglia and Tsang (2000, Journal of Statistical Software 5(8)) with 128 layers.
 * `RIGHT` is where the base layer's tail starts and `AREA` is the area of each layer: their
 * published values for 128 layers.
 */
const LAYERS = 128;
const RIGHT = 3.442619855899;
const AREA = 9.91256303526217e-3;
/** Right edge of each layer; layer 0 is as wide as a box with the area of base and tail. */
const edges = new Float64Array(LAYERS + 1);
/** Density (unscaled) at each edge. */
const heights = new Float64Array(LAYERS + 1);

function density(x: number): number {
  return exp(-0.5 * x * x);
}

edges[0] = AREA / density(RIGHT);
edges[1] = RIGHT;
for (let i = 2; i < LAYERS; i++) {
  edges[i] = Math.sqrt(-2 * ln(AREA / edges[i - 1]! + density(edges[i - 1]!)));
}
for (let i = 0; i <= LAYERS; i++) heights[i] = density(edges[i]!);

/** One model's own source of chance. Two streams with other names or seeds are independent. */
export class RandomStream {
  readonly #generator: Generator;

  constructor(generator: Generator) {
    this.#generator = generator;
  }

  /** In [0, 1), a multiple of 2^-53. The generator's lowest bits are its weakest and are left out. */
  uniform(): number {
    const high = this.#generator.next() >>> 5;
    const low = this.#generator.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** A whole number in [from, to], both included; at most 2^32 values apart. */
  int(from: number, to: number): number {
    return from + Math.floor(this.uniform() * (to - from + 1));
  }

  bernoulli(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Standard normal: mean 0, standard deviation 1. */
  normal(): number {
    for (;;) {
      const layer = this.#generator.next() >>> 25;
      // Layer and place come from two draws: taken from one, they depend on each other (Doornik 2005). The
      // generator's lowest bits are its weakest and are left out.
      const u = (this.#generator.next() >> 5) / 0x400_0000;
      const x = u * edges[layer]!;
      if (Math.abs(x) < edges[layer + 1]!) return x;
      if (layer === 0) return this.#tail(u < 0);
      const height = heights[layer]! + this.uniform() * (heights[layer + 1]! - heights[layer]!);
      if (height < density(x)) return x;
    }
  }

  /** Lognormal by its median and the standard deviation of its logarithm. */
  lognormal(median: number, sigma: number): number {
    return median * exp(sigma * this.normal());
  }

  /** Exponential by its mean. */
  exponential(mean: number): number {
    return -mean * ln(1 - this.uniform());
  }

  /** Marsaglia's method for the normal tail beyond `RIGHT`. */
  #tail(negative: boolean): number {
    for (;;) {
      const x = ln(1 - this.uniform()) / RIGHT;
      const y = ln(1 - this.uniform());
      if (-2 * y >= x * x) return negative ? x - RIGHT : RIGHT - x;
    }
  }
}

/** MurmurHash3's 32-bit finaliser (Appleby, public domain): every input bit reaches every output bit. */
function scramble(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * The stream of one model in one scenario. The generator's 128-bit state is a hash of seed and name
 * (four FNV-1a lanes, mixed), so names as alike as `probe/esp32-1` and `probe/esp32-2` share nothing.
 */
export function stream(seed: number, name: string): RandomStream {
  const text = `${seed}/${name}`;
  let [a, b, c, d] = [0x811c9dc5, 0x9e3779b9, 0x243f6a88, 0xb7e15162];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    c = Math.imul(c ^ code, 0xc2b2ae35);
    d = Math.imul(d ^ code, 0x27d4eb2f);
  }
  a = scramble(a ^ text.length);
  b = scramble(b + a);
  c = scramble(c + b);
  d = scramble(d + c);
  // An all-zero state would be stuck there; this bit is the price of never meeting it.
  return new RandomStream(xoroshiro128plusFromState([scramble(a + d) | 1, b, c, d]));
}
