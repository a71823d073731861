/** Parts frames from text on a line that carries both; what makes no valid frame is text, byte for byte. */
import { BEFORE_DATA_BYTES, checksum, type Frame, HEADER, VERSION } from './frame.ts';

export interface FrameSplitterParts {
  /** Valid only during the call: the bytes may be the caller's own. */
  onText(bytes: Uint8Array): void;
  onFrame(frame: Frame): void;
}

const NEWLINE = 0x0a;
const FIRST = HEADER[0]!;

export class FrameSplitter {
  readonly #parts: FrameSplitterParts;
  /** What may become a frame once more bytes are there; fewer than a frame's 265 bytes. */
  #held = new Uint8Array(0);
  #afterFrame = false;

  constructor(parts: FrameSplitterParts) {
    this.#parts = parts;
  }

  /** Whether bytes wait for what comes behind them. */
  get holding(): boolean {
    return this.#held.length > 0;
  }

  push(chunk: Uint8Array): void {
    const bytes = this.#held.length === 0 ? chunk : joined(this.#held, chunk);
    this.#held = new Uint8Array(0);
    let textFrom = 0;
    let at = 0;
    if (this.#afterFrame && bytes.length > 0) textFrom = at = this.#newlineAt(bytes, 0);
    for (;;) {
      at = bytes.indexOf(FIRST, at);
      if (at < 0) break;
      const length = frameBytes(bytes, at);
      if (length === 0) {
        at++;
        continue;
      }
      if (at + length > bytes.length) {
        this.#text(bytes, textFrom, at);
        this.#held = bytes.slice(at);
        return;
      }
      if (checksum(bytes.subarray(at, at + length - 1)) !== bytes[at + length - 1]) {
        at++;
        continue;
      }
      this.#text(bytes, textFrom, at);
      const data = bytes.slice(at + BEFORE_DATA_BYTES, at + length - 1);
      this.#parts.onFrame({ type: bytes[at + HEADER.length + 1]!, data });
      textFrom = at = this.#newlineAt(bytes, at + length);
    }
    this.#text(bytes, textFrom, bytes.length);
  }

  /** What was held is text after all: nothing came behind it for long, or the line is closed. */
  flush(): void {
    const held = this.#held;
    this.#held = new Uint8Array(0);
    this.#afterFrame = false;
    // Behind its first byte another frame may begin, whole.
    if (held.length === 0) return;
    this.#text(held, 0, 1);
    this.push(held.subarray(1));
    if (this.#held.length > 0) this.flush();
  }

  /** Behind the newline that ends a frame, which is no text; it may still be under way. */
  #newlineAt(bytes: Uint8Array, at: number): number {
    this.#afterFrame = at === bytes.length;
    return bytes[at] === NEWLINE ? at + 1 : at;
  }

  #text(bytes: Uint8Array, from: number, to: number): void {
    if (to > from) this.#parts.onText(bytes.subarray(from, to));
  }
}

/** Bytes of the frame that begins here, at least those up to its length where that is not there yet; 0 when none does. */
function frameBytes(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < HEADER.length && at + i < bytes.length; i++) {
    if (bytes[at + i] !== HEADER[i]) return 0;
  }
  const versionAt = at + HEADER.length;
  if (versionAt < bytes.length && bytes[versionAt] !== VERSION) return 0;
  const length = bytes[at + BEFORE_DATA_BYTES - 1];
  return BEFORE_DATA_BYTES + (length ?? 0) + 1;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
