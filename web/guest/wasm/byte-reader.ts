/** Reads the primitives of the binary format. https://webassembly.github.io/spec/core/binary/values.html */
import { InvalidModuleError } from './invalid-module.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export class ByteReader {
  readonly bytes: Uint8Array;
  /** Offset of the next byte, counted from the start of the file. */
  offset: number;
  readonly end: number;
  /** What is being read, for error sentences: `section "code"`. */
  readonly place: string;

  constructor(bytes: Uint8Array, offset: number, end: number, place: string) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    this.place = place;
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  fail(what: string, offset = this.offset): never {
    throw new InvalidModuleError(
      `The module is damaged: ${what} at byte ${offset}, in ${this.place}. Build or copy it again.`,
      offset,
    );
  }

  u8(): number {
    if (this.offset >= this.end) this.fail('data ends too early');
    return this.bytes[this.offset++]!;
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    const start = this.offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) this.fail('a number does not fit 32 bits', start);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    return this.fail('a number does not fit 32 bits', start);
  }

  /** Unsigned LEB128 of at most 64 bits; exact up to 2^53. */
  u64(): number {
    const start = this.offset;
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return this.fail('a number does not fit 64 bits', start);
  }

  /** Signed LEB128 of at most 32 bits. */
  s32(): number {
    const start = this.offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return shift < 25 && byte & 0x40 ? value | (-1 << (shift + 7)) : value;
    }
    return this.fail('a number does not fit 32 bits', start);
  }

  /** Passes over a LEB128 of at most `maxBytes`. */
  skipLeb(maxBytes: number): void {
    const start = this.offset;
    for (let count = 0; count < maxBytes; count++) if (this.u8() < 0x80) return;
    this.fail('a number is too long', start);
  }

  skip(count: number): void {
    if (count > this.end - this.offset) this.fail('data ends too early');
    this.offset += count;
  }

  name(): string {
    const length = this.u32();
    const start = this.offset;
    this.skip(length);
    try {
      return utf8.decode(this.bytes.slice(start, this.offset));
    } catch {
      return this.fail('a name is not valid UTF-8', start);
    }
  }
}
