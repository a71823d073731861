/**
 * Strings that guests passed before, by their bytes. A fleet says the same few thousand things over and over; found
 * here, they cost no decoding and no new string.
 */

/** A power of two. */
const SLOTS = 8192;
const MAX_BYTES = 255;
const ASCII = 0x7f;

interface Entry {
  readonly text: string;
  readonly bytes: Uint8Array;
}

export class StringTable {
  readonly #slots: (Entry | undefined)[] = new Array<undefined>(SLOTS);

  /** The ASCII string from `start` up to a NUL before `end`; null when there is none, or it is long or not ASCII. */
  read(memory: Uint8Array, start: number, end: number): string | null {
    const last = Math.min(end, start + MAX_BYTES + 1);
    let hash = 0x811c9dc5;
    let seen = 0;
    let at = start;
    for (; at < last; at += 1) {
      const byte = memory[at];
      if (byte === 0) break;
      seen |= byte;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    if (at === last || seen > ASCII) return null;

    const length = at - start;
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const entry = this.#slots[slot];
    if (entry !== undefined && sameBytes(entry.bytes, memory, start, length)) return entry.text;
    const bytes = memory.slice(start, at);
    const text = String.fromCharCode.apply(null, bytes as unknown as number[]);
    this.#slots[slot] = { text, bytes };
    return text;
  }
}

function sameBytes(bytes: Uint8Array, memory: Uint8Array, start: number, length: number): boolean {
  if (bytes.length !== length) return false;
  for (let i = 0; i < length; i += 1) {
    if (bytes[i] !== memory[start + i]) return false;
  }
  return true;
}
