/** SLIP framing as Espressif's loaders speak it (RFC 1055): a frame lies between two bytes 0xc0. */
const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;

export function encodeSlip(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  let escapes = 0;
  for (const byte of payload) if (byte === END || byte === ESC) escapes++;
  const frame = new Uint8Array(payload.length + escapes + 2);
  let at = 0;
  frame[at++] = END;
  for (const byte of payload) {
    if (byte === END || byte === ESC) {
      frame[at++] = ESC;
      frame[at++] = byte === END ? ESC_END : ESC_ESC;
    } else {
      frame[at++] = byte;
    }
  }
  frame[at] = END;
  return frame;
}

/** Finds frames in a stream. Bytes outside frames, empty frames and frames with a wrong escape are dropped. */
export class SlipDecoder {
  readonly #buffer: Uint8Array;
  #length = 0;
  #inFrame = false;
  #escaping = false;
  #broken = false;

  /** A frame that is longer than `maxBytes` ends there, as in a loader whose buffer is full. */
  constructor(maxBytes: number) {
    this.#buffer = new Uint8Array(maxBytes);
  }

  /** Hands over a copy of each frame that these bytes complete. */
  push(bytes: Uint8Array, frame: (payload: Uint8Array) => void): void {
    for (const byte of bytes) {
      if (byte === END) {
        // An end with nothing before it is the beginning of the next frame.
        if (this.#inFrame && this.#length > 0) {
          if (!this.#broken) frame(this.#buffer.slice(0, this.#length));
          this.#inFrame = false;
        } else {
          this.#inFrame = true;
        }
        this.#restart();
      } else if (this.#inFrame) {
        this.#take(byte);
      }
    }
  }

  reset(): void {
    this.#inFrame = false;
    this.#restart();
  }

  #take(byte: number): void {
    if (this.#escaping) {
      this.#escaping = false;
      if (byte === ESC_END) byte = END;
      else if (byte === ESC_ESC) byte = ESC;
      else this.#broken = true;
    } else if (byte === ESC) {
      this.#escaping = true;
      return;
    }
    if (this.#length < this.#buffer.length) this.#buffer[this.#length++] = byte;
    else this.#broken = true;
  }

  #restart(): void {
    this.#length = 0;
    this.#escaping = false;
    this.#broken = false;
  }
}
