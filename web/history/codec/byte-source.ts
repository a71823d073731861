/** Reads what a `ByteSink` wrote. Throws a RangeError where the bytes end too soon. */
export class ByteSource {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    if (this.#at >= this.#bytes.length) throw new RangeError('Stored history ends in the middle of a number.');
    return this.#bytes[this.#at++]!;
  }

  varint(): number {
    let byte = this.byte();
    if (byte < 128) return byte;
    let value = byte & 127;
    // 32-bit operations as far as they reach: nearly every number ends there.
    for (let shift = 7; shift < 28; shift += 7) {
      byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    for (let unit = 2 ** 28; ; unit *= 128) {
      byte = this.byte();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  }

  zigzag(): number {
    const coded = this.varint();
    return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
  }

  float32(): number {
    const value = this.#view.getFloat32(this.#at, true);
    this.#at += 4;
    return value;
  }

  float64(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  /** A view on the next bytes, not a copy. */
  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError('Stored history ends in the middle of a column.');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
