/** One direction of the serial line: bytes arrive when their last bit has gone over the wire, and the bridge has passed them on. */
import type { BoardClock } from './board-clock.ts';

/** A start bit, eight of data, a stop bit. */
const BITS_PER_BYTE = 10;
/** A bridge passes on what it has after this long, also when more is on its way. */
const BURST_MS = 8;

interface Piece {
  bytes: Uint8Array;
  baud: number;
  startMs: number;
  endMs: number;
  delivered: number;
}

export interface UartLineOptions {
  clock: BoardClock;
  /** False: bytes arrive at once. */
  paced: boolean;
  latencyMs: number;
  /** `baud`: at which they were sent; `atMs`: when they arrived, which is before now when the timer was late. */
  deliver(bytes: Uint8Array, baud: number, atMs: number): void;
}

export class UartLine {
  readonly #options: UartLineOptions;
  readonly #pieces: Piece[] = [];
  #freeAtMs = 0;
  #pendingBytes = 0;
  #cancelTimer: (() => void) | null = null;
  #waiting: { atMost: number; resume: () => void }[] = [];

  constructor(options: UartLineOptions) {
    this.#options = options;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Sends after what was sent before, and not before `fromMs`. */
  send(bytes: Uint8Array, baud: number, fromMs: number): void {
    if (bytes.length === 0) return;
    if (!this.#options.paced) {
      this.#options.deliver(bytes, baud, this.#options.clock.nowMs());
      return;
    }
    const startMs = Math.max(fromMs, this.#freeAtMs);
    const endMs = startMs + (bytes.length * BITS_PER_BYTE * 1000) / baud;
    this.#freeAtMs = endMs;
    this.#pendingBytes += bytes.length;
    this.#pieces.push({ bytes, baud, startMs, endMs, delivered: 0 });
    if (this.#cancelTimer === null) this.#wait();
  }

  /** Calls once no more than so many bytes are pending; at once when that is so, or when the line is cleared. */
  whenAtMost(atMost: number, resume: () => void): void {
    if (this.#pendingBytes <= atMost) resume();
    else this.#waiting.push({ atMost, resume });
  }

  /** What is on its way is lost. */
  clear(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#pieces.length = 0;
    this.#freeAtMs = 0;
    this.#pendingBytes = 0;
    this.#resume();
  }

  #wait(): void {
    const piece = this.#pieces[0];
    if (piece === undefined) return;
    const { clock, latencyMs } = this.#options;
    const onWire = clock.nowMs() - latencyMs;
    const next = Math.min(piece.endMs, Math.max(onWire, piece.startMs) + BURST_MS);
    this.#cancelTimer = clock.setTimer(Math.max(0, next - onWire), () => {
      this.#cancelTimer = null;
      this.#arrive();
      if (this.#cancelTimer === null) this.#wait();
    });
  }

  #arrive(): void {
    const { clock, latencyMs } = this.#options;
    const onWire = clock.nowMs() - latencyMs;
    for (let piece = this.#pieces[0]; piece !== undefined && piece.startMs <= onWire; piece = this.#pieces[0]) {
      const { bytes, baud, startMs, endMs, delivered } = piece;
      const whole = endMs <= onWire;
      const upTo = whole ? bytes.length : Math.floor(((onWire - startMs) * baud) / (BITS_PER_BYTE * 1000));
      if (whole) this.#pieces.shift();
      piece.delivered = upTo;
      this.#pendingBytes -= upTo - delivered;
      if (upTo > delivered) this.#options.deliver(bytes.subarray(delivered, upTo), baud, (whole ? endMs : onWire) + latencyMs);
      if (!whole) break;
    }
    this.#resume();
  }

  #resume(): void {
    const ready = this.#waiting.filter(({ atMost }) => this.#pendingBytes <= atMost);
    this.#waiting = this.#waiting.filter(({ atMost }) => this.#pendingBytes > atMost);
    for (const { resume } of ready) resume();
  }
}
