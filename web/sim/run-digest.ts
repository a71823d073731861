/**
 * Tells whether two runs were the same: 64 bits that depend on everything that happened and on its order. Two lanes,
 * each multiplied and folded for every word, with MurmurHash3's finaliser (Appleby, public domain) at the end. It is
 * no cryptographic hash: it guards against differences, not against somebody who wants to hide one.
 */
import type { Digest } from '../protocol/content.ts';

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
/** Words in memory come in the machine's order; the digest takes the lower first. */
const [LOW, HIGH] = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? [0, 1] : [1, 0];

export class RunDigest implements Digest {
  #a = 0x243f6a88;
  #b = 0x85a308d3 | 0;

  number(value: number): void {
    double[0] = value;
    this.#words(words[LOW], words[HIGH]);
  }

  /** Of a whole number the lower 32 bits. */
  whole(value: number): void {
    const a = Math.imul(this.#a ^ value, 0x9e3779b1);
    this.#a = a ^ (a >>> 15);
    this.#b = Math.imul(this.#b + value, 0x85ebca77) ^ (this.#b >>> 13);
  }

  text(text: string): void {
    let a = this.#a;
    let b = this.#b;
    const { length } = text;
    let i = 0;
    // Two units at a time: texts are most of what goes into a digest.
    for (; i + 1 < length; i += 2) {
      const units = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16);
      a = Math.imul(a ^ units, 0x9e3779b1);
      a ^= a >>> 15;
      b = Math.imul(b + units, 0x85ebca77) ^ (b >>> 13);
    }
    if (i < length) {
      a = Math.imul(a ^ text.charCodeAt(i), 0x9e3779b1);
      b = Math.imul(b + text.charCodeAt(i), 0x85ebca77) ^ (b >>> 13);
    }
    this.#a = a;
    this.#b = b;
    // Two texts and their joint are not the same.
    this.#words(length, -1);
  }

  /** Sixteen hexadecimal digits, of all so far. */
  hex(): string {
    const a = finished(this.#a + Math.imul(this.#b, 5));
    const b = finished(this.#b ^ a);
    return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #words(low: number, high: number): void {
    let a = Math.imul(this.#a ^ low, 0x9e3779b1);
    a ^= a >>> 15;
    a = Math.imul(a ^ high, 0x9e3779b1);
    this.#a = a ^ (a >>> 15);
    const b = Math.imul(this.#b + low, 0x85ebca77) ^ (this.#b >>> 13);
    this.#b = Math.imul(b + high, 0x85ebca77) ^ (b >>> 13);
  }
}

/** Of several digests, in this order. */
export function jointDigest(digests: readonly string[]): string {
  const digest = new RunDigest();
  for (const each of digests) digest.text(each);
  return digest.hex();
}

function finished(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
