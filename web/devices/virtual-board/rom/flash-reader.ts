/** The stub's READ_FLASH: packets that the client acknowledges, and their MD5 at the end. */
import { md5 } from '@noble/hashes/legacy.js';
import type { NorFlash } from './nor-flash.ts';

export interface FlashReadStart {
  offset: number;
  bytes: number;
  packetBytes: number;
  /** Packets that may be on their way without an acknowledgement. */
  maxInFlight: number;
}

export class FlashReader {
  readonly #content: Uint8Array;
  readonly #packetBytes: number;
  readonly #maxInFlight: number;
  #sent = 0;
  #acknowledged = 0;

  /** Throws `RangeError` when the range lies outside the flash. */
  constructor(flash: NorFlash, { offset, bytes, packetBytes, maxInFlight }: FlashReadStart) {
    this.#content = flash.read(offset, bytes);
    this.#packetBytes = Math.max(1, packetBytes);
    this.#maxInFlight = Math.max(1, maxInFlight);
  }

  /** Packets that may go out now; at the very end the digest, and then `done` is true. */
  next(): { packets: Uint8Array[]; done: boolean } {
    const packets: Uint8Array[] = [];
    while (this.#sent < this.#content.length && this.#inFlight() < this.#maxInFlight) {
      const packet = this.#content.subarray(this.#sent, this.#sent + this.#packetBytes);
      packets.push(packet);
      this.#sent += packet.length;
    }
    const done = this.#acknowledged === this.#content.length;
    if (done) packets.push(md5(this.#content));
    return { packets, done };
  }

  /** False for an acknowledgement that cannot be: the stub gives up then. */
  acknowledge(frame: Uint8Array): boolean {
    if (frame.length !== 4) return false;
    const total = new DataView(frame.buffer, frame.byteOffset, 4).getUint32(0, true);
    if (total < this.#acknowledged || total > this.#sent) return false;
    this.#acknowledged = total;
    return true;
  }

  #inFlight(): number {
    return Math.ceil((this.#sent - this.#acknowledged) / this.#packetBytes);
  }
}
