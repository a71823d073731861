/** The two places for a guest in flash, which of them runs, and which is on trial. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { MAX_GUEST_BYTES, decodeGuestSlot, encodeGuestSlot, type DecodedGuestSlot, type GuestSlotSigner } from '../../image/guest-slot-image.ts';
import type { FirmwareFlash } from '../rom/firmware-port.ts';
import type { Partition } from '../rom/partition-table.ts';
import type { Nvs } from './nvs.ts';

export type SlotNumber = 0 | 1;

export interface StoredGuest extends DecodedGuestSlot {
  slot: SlotNumber;
}

export interface NewGuest {
  module: Uint8Array;
  name: string;
  signer: GuestSlotSigner | null;
}

const SECTOR_BYTES = 4096;
const TRIAL = 'trial';

export class GuestSlots {
  readonly #flash: FirmwareFlash;
  readonly #partitions: readonly [Partition, Partition];
  readonly #nvs: Nvs;

  private constructor(flash: FirmwareFlash, partitions: [Partition, Partition], nvs: Nvs) {
    this.#flash = flash;
    this.#partitions = partitions;
    this.#nvs = nvs;
  }

  /** Null where the partition table has no `guest_0` and `guest_1`. */
  static in(flash: FirmwareFlash, partitions: readonly Partition[], nvs: Nvs): GuestSlots | null {
    const [first, second] = ['guest_0', 'guest_1'].map((name) => partitions.find((partition) => partition.name === name));
    return first && second ? new GuestSlots(flash, [first, second], nvs) : null;
  }

  /** Largest module that fits. */
  get mostBytes(): number {
    const [{ bytes: first }, { bytes: second }] = this.#partitions;
    return Math.min(MAX_GUEST_BYTES, Math.min(first, second) - SECTOR_BYTES);
  }

  /** What runs: the valid one with the higher sequence number that is not on trial. */
  accepted(): StoredGuest | null {
    const trial = this.onTrial;
    return this.#valid().find(({ slot }) => slot !== trial) ?? null;
  }

  /** The guest on trial, or null. A slot that was flashed with another guest since is not on trial. */
  get onTrial(): SlotNumber | null {
    const stored = this.#nvs.get(TRIAL);
    const slot = stored?.[0];
    if (!stored || (slot !== 0 && slot !== 1)) return null;
    const found = this.#read(slot);
    return found && bytesToHex(stored.subarray(1)) !== found.sha256 ? null : slot;
  }

  /** Writes a guest beside the accepted one, on trial. The header goes last: a slot whose writing was cut off is no slot. */
  put({ module, name, signer }: NewGuest): StoredGuest {
    const running = this.accepted();
    const slot: SlotNumber = running?.slot === 0 ? 1 : 0;
    const { offset, bytes } = this.#partitions[slot];
    const image = encodeGuestSlot({ module, name, signer, sequence: (running?.sequence ?? 0) + 1 });
    this.#nvs.set(TRIAL, Uint8Array.of(slot, ...sha256(module)));
    this.#flash.erase(offset, bytes);
    this.#flash.write(offset + SECTOR_BYTES, image.subarray(SECTOR_BYTES));
    this.#flash.write(offset, image.subarray(0, SECTOR_BYTES));
    const decoded = this.#read(slot);
    if (!decoded) throw new Error('What was written to the flash does not read back.');
    return decoded;
  }

  /** The guest on trial is kept from now on. */
  accept(): void {
    this.#nvs.remove(TRIAL);
  }

  /** The guest on trial is gone. */
  reject(): void {
    const slot = this.onTrial;
    if (slot === null) return;
    // Its magic is overwritten first, so that a cut between the two steps leaves no valid slot behind.
    this.#flash.write(this.#partitions[slot].offset, new Uint8Array(4));
    this.#nvs.remove(TRIAL);
  }

  #valid(): StoredGuest[] {
    const slots = ([0, 1] as const).flatMap((slot) => this.#read(slot) ?? []);
    return slots.sort((a, b) => b.sequence - a.sequence);
  }

  #read(slot: SlotNumber): StoredGuest | null {
    const { offset, bytes } = this.#partitions[slot];
    const decoded = decodeGuestSlot(this.#flash.read(offset, bytes));
    return decoded.ok ? { ...decoded.value, slot } : null;
  }
}
