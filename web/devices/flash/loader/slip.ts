/** SLIP, in which the loaders of ROM and stub frame all they say. https://www.rfc-editor.org/rfc/rfc1055 */

const end = 0xc0;
const escape = 0xdb;
const escapedEnd = 0xdc;
const escapedEscape = 0xdd;

export function slipEncode(frame: Uint8Array): Uint8Array {
  let escapes = 0;
  for (const byte of frame) if (byte === end || byte === escape) escapes++;
  const out = new Uint8Array(frame.length + escapes + 2);
  let at = 0;
  out[at++] = end;
  for (const byte of frame) {
    if (byte === end) {
      out[at++] = escape;
      out[at++] = escapedEnd;
    } else if (byte === escape) {
      out[at++] = escape;
      out[at++] = escapedEscape;
    } else {
      out[at++] = byte;
    }
  }
  out[at] = end;
  return out;
}

/**
 * Bytes before the first delimiter are dropped; after it a delimiter both ends and begins a frame, so that one lost
 * delimiter costs one frame and not the rhythm of all that follow. A frame with a wrong escape is dropped.
 */
export class SlipDecoder {
  readonly #frame: Uint8Array;
  #length = 0;
  #state: 'outside' | 'inside' | 'escaped' | 'broken' = 'outside';

  constructor(mostBytes: number) {
    this.#frame = new Uint8Array(mostBytes);
  }

  reset(): void {
    this.#length = 0;
    this.#state = 'outside';
  }

  *feed(bytes: Uint8Array): Generator<Uint8Array> {
    for (const byte of bytes) {
      if (byte === end) {
        if (this.#length > 0 && this.#state === 'inside') yield this.#frame.slice(0, this.#length);
        this.#length = 0;
        this.#state = 'inside';
      } else if (this.#state === 'escaped') {
        this.#state = 'inside';
        if (byte === escapedEnd) this.#put(end);
        else if (byte === escapedEscape) this.#put(escape);
        else this.#state = 'broken';
      } else if (this.#state === 'inside') {
        if (byte === escape) this.#state = 'escaped';
        else this.#put(byte);
      }
    }
  }

  #put(byte: number): void {
    if (this.#length < this.#frame.length) this.#frame[this.#length++] = byte;
    else this.#state = 'broken';
  }
}
