/** A guest on its way in over the serial line, piece by piece; what has arrived is kept until it is whole. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { checkGuestName } from '../../../protocol/guest-offer.ts';
import type { NewGuest } from './guest-slots.ts';

const SHA256_AT = 4;
const KEY_AT = 36;
const SIGNATURE_AT = 44;
const NAME_AT = 108;

export interface ReceivedGuest extends NewGuest {
  sha256: string;
}

interface Receipt {
  offer: Omit<ReceivedGuest, 'module'>;
  module: Uint8Array;
  arrived: number;
}

/** What to answer: where the next piece begins, or why not. */
export type ReceiptAnswer = { next: number } | { refused: string };

export class GuestReceipt {
  readonly #mostBytes: number;
  #receipt: Receipt | null = null;

  /** @param mostBytes that fit a slot */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Takes the data of `0xA3`. What came before of the same module, by its digest, is kept. */
  begin(data: Uint8Array): ReceiptAnswer {
    const nameBytes = data[NAME_AT];
    if (nameBytes === undefined || data.length !== NAME_AT + 1 + nameBytes) return { refused: 'The announcement of the guest has a wrong length.' };
    const size = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
    const name = new TextDecoder().decode(data.subarray(NAME_AT + 1));
    const problem = checkGuestName(name);
    if (problem !== null) return { refused: problem };
    if (nameBytes > 64) return { refused: `The name of a module has at most 64 bytes; this one has ${nameBytes}.` };
    if (size === 0 || size > this.#mostBytes) return { refused: `A module has 1 to ${this.#mostBytes} bytes here; this one has ${size}.` };
    const sha256 = bytesToHex(data.subarray(SHA256_AT, KEY_AT));
    const key = data.subarray(KEY_AT, SIGNATURE_AT);
    const signature = data.slice(SIGNATURE_AT, NAME_AT);
    const unsigned = key.every((byte) => byte === 0) && signature.every((byte) => byte === 0);
    const offer = { name, sha256, signer: unsigned ? null : { key: bytesToHex(key), signature } };
    const before = this.#receipt;
    this.#receipt = before?.offer.sha256 === sha256 && before.module.length === size ? { ...before, offer } : { offer, module: new Uint8Array(size), arrived: 0 };
    return { next: this.#receipt.arrived };
  }

  /** Takes the data of `0xA4`; bytes at another offset than the one wanted are not stored. */
  data(data: Uint8Array): ReceiptAnswer {
    const receipt = this.#receipt;
    if (!receipt) return { refused: 'No guest was announced: begin again.' };
    if (data.length < 4) return { refused: 'A piece of a guest begins with its offset.' };
    const offset = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
    const piece = data.subarray(4);
    if (offset === receipt.arrived) {
      if (offset + piece.length > receipt.module.length) return { refused: `The guest was announced with ${receipt.module.length} bytes; more came.` };
      receipt.module.set(piece, offset);
      receipt.arrived += piece.length;
    }
    return { next: receipt.arrived };
  }

  /** The whole guest, which is then no longer kept; a sentence while some of it is missing. */
  take(): ReceivedGuest | string {
    const receipt = this.#receipt;
    if (!receipt) return 'No guest was announced: begin again.';
    const { offer, module, arrived } = receipt;
    if (arrived < module.length) return `Of the guest's ${module.length} bytes only ${arrived} have come.`;
    this.#receipt = null;
    return { ...offer, module };
  }
}
