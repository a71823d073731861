/** One write to flash as a loader does it: blocks, plain or deflated, from an offset on. */
import { Unzlib } from 'fflate';
import { Failure } from './loader-protocol.ts';
import type { NorFlash } from './nor-flash.ts';

const SECTOR_BYTES = 0x1000;
const BLOCK_BYTES = 0x10000;
/** Inflating takes the chip about this long for each byte that comes out. */
const INFLATE_MS_PER_BYTE = 1 / 4000;

export interface FlashWriteStart {
  offset: number;
  bytes: number;
  deflated: boolean;
  /** The ROM erases all before it answers; the stub as it goes. */
  eraseFirst: boolean;
}

export class FlashWriter {
  readonly deflated: boolean;
  readonly #flash: NorFlash;
  readonly #end: number;
  readonly #inflater: Unzlib | null;
  readonly #isStub: boolean;
  #at: number;
  #erasedTo: number;
  #costMs = 0;
  #failure = 0;

  /** Throws `RangeError` when the range lies outside the flash. */
  constructor(flash: NorFlash, { offset, bytes, deflated, eraseFirst }: FlashWriteStart) {
    if (!flash.holds(offset, bytes)) throw new RangeError('The write lies outside the flash.');
    this.#flash = flash;
    this.deflated = deflated;
    this.#at = offset;
    this.#end = offset + bytes;
    this.#isStub = !eraseFirst;
    this.#erasedTo = offset - (offset % SECTOR_BYTES);
    this.#inflater = deflated ? new Unzlib((chunk) => this.#store(chunk)) : null;
    if (eraseFirst) {
      this.#costMs += flash.erase(offset, bytes);
      this.#erasedTo = this.#end;
    }
  }

  /** How long what was done since the last call takes. */
  takeCostMs(): number {
    const cost = this.#costMs;
    this.#costMs = 0;
    return cost;
  }

  /** Zero, or why a block could not be written: the stub tells so with its next answer. */
  takeFailure(): number {
    const failure = this.#failure;
    this.#failure = 0;
    return failure;
  }

  write(block: Uint8Array): void {
    if (this.#inflater === null) {
      this.#store(block);
      return;
    }
    if (this.#failure !== 0) return;
    try {
      this.#inflater.push(block);
    } catch {
      this.#failure = this.#isStub ? Failure.stubInflate : Failure.inflate;
    }
  }

  /** Zero, or the stub's complaint that bytes are missing. */
  finish(): number {
    return this.#isStub && this.#at < this.#end ? Failure.stubNotEnoughData : this.takeFailure();
  }

  #store(chunk: Uint8Array): void {
    if (this.deflated) this.#costMs += chunk.length * INFLATE_MS_PER_BYTE;
    const room = this.#end - this.#at;
    if (chunk.length > room) {
      // A last plain block is filled up to the block size; whatever is inflated has its exact length.
      if (this.deflated) this.#failure = this.#isStub ? Failure.stubTooMuchData : Failure.inflate;
      chunk = chunk.subarray(0, room);
    }
    this.#eraseUpTo(this.#at + chunk.length);
    this.#costMs += this.#flash.program(this.#at, chunk);
    this.#at += chunk.length;
  }

  #eraseUpTo(end: number): void {
    while (this.#erasedTo < end) {
      const whole = this.#erasedTo % BLOCK_BYTES === 0 && this.#erasedTo + BLOCK_BYTES <= this.#end;
      const bytes = whole ? BLOCK_BYTES : SECTOR_BYTES;
      this.#costMs += this.#flash.erase(this.#erasedTo, bytes);
      this.#erasedTo += bytes;
    }
  }
}
