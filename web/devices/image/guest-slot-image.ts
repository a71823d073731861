/**
 * A guest slot as it lies in a board's flash (firmware/SERIAL.md): a header of 256 bytes, and the module behind it at
 * 0x1000. All bytes between and behind are 0xff, as erased flash is.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { SIGNATURE_BYTES } from '../../protocol/guest-offer.ts';
import { type Parsed, refused } from '../../protocol/parsed.ts';

/** Size of each of the partitions `guest_0` and `guest_1`. */
export const GUEST_SLOT_BYTES = 0x40000;
/** Where in its slot a module begins. */
export const GUEST_MODULE_OFFSET = 0x1000;
/** A larger module fits no slot. */
export const MAX_GUEST_BYTES = GUEST_SLOT_BYTES - GUEST_MODULE_OFFSET;

/** The header's. */
export const HEADER_BYTES = 256;
const MAGIC = 0x31474c43; // `CLG1`
const SIZE_AT = 4;
const SHA256_AT = 8;
const KEY_AT = 40;
const KEY_BYTES = 8;
const SIGNATURE_AT = 48;
const NAME_AT = 112;
const NAME_BYTES = 64;
const SEQUENCE_AT = 176;
const CRC_AT = 252;

/** Who vouches for a module. */
export interface GuestSlotSigner {
  /** Id of the public key, 16 lower-case hexadecimal digits. */
  key: string;
  /** 64 bytes, as in `protocol/guest-offer.ts`. */
  signature: Uint8Array;
}

export interface GuestSlot {
  module: Uint8Array;
  /** At most 64 bytes of UTF-8. */
  name: string;
  /** Of two accepted slots the higher is the newer. */
  sequence: number;
  /** Null for a guest that came by cable. */
  signer: GuestSlotSigner | null;
}

export interface DecodedGuestSlot extends GuestSlot {
  /** Of the module, lower-case hexadecimal; it was compared with the module. */
  sha256: string;
}

/** From the start of the slot to the module's last byte. Throws `RangeError` for what fits no slot. */
export function encodeGuestSlot({ module, name, sequence, signer }: GuestSlot): Uint8Array<ArrayBuffer> {
  if (module.length === 0 || module.length > MAX_GUEST_BYTES) {
    throw new RangeError(`A module has 1 to ${MAX_GUEST_BYTES} bytes, this one has ${module.length}.`);
  }
  const nameUtf8 = new TextEncoder().encode(name);
  if (nameUtf8.length === 0 || nameUtf8.length > NAME_BYTES || nameUtf8.includes(0)) {
    throw new RangeError(`The name of a module has 1 to ${NAME_BYTES} bytes of UTF-8 and no NUL; "${name}" has ${nameUtf8.length}.`);
  }
  const image = new Uint8Array(GUEST_MODULE_OFFSET + module.length).fill(0xff);
  const view = new DataView(image.buffer);
  image.fill(0, 0, SEQUENCE_AT);
  view.setUint32(0, MAGIC, true);
  view.setUint32(SIZE_AT, module.length, true);
  image.set(sha256(module), SHA256_AT);
  if (signer !== null) {
    image.set(exactly(hexToBytes(signer.key), KEY_BYTES, 'key id'), KEY_AT);
    image.set(exactly(signer.signature, SIGNATURE_BYTES, 'signature'), SIGNATURE_AT);
  }
  image.set(nameUtf8, NAME_AT);
  view.setUint32(SEQUENCE_AT, sequence, true);
  view.setUint32(CRC_AT, crc32(image.subarray(0, CRC_AT)), true);
  image.set(module, GUEST_MODULE_OFFSET);
  return image;
}

/**
 * What a slot holds, `bytes` beginning at the slot's start. Whatever lies behind the module does not matter. Checks
 * what a board checks before it trusts a slot, but for the signature.
 */
export function decodeGuestSlot(bytes: Uint8Array): Parsed<DecodedGuestSlot> {
  if (bytes.length < HEADER_BYTES) return refused(`A guest slot begins with ${HEADER_BYTES} bytes of header, here are ${bytes.length}.`);
  const header = bytes.subarray(0, HEADER_BYTES);
  if (header.every((byte) => byte === 0xff)) return refused('The slot is empty.');
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  if (view.getUint32(0, true) !== MAGIC) return refused('What lies in the slot does not begin with CLG1, so it is no guest.');
  if (view.getUint32(CRC_AT, true) !== crc32(header.subarray(0, CRC_AT))) {
    return refused("The checksum of the slot's header is wrong: it was damaged, or its writing was cut off.");
  }
  const sizeBytes = view.getUint32(SIZE_AT, true);
  if (sizeBytes === 0 || sizeBytes > MAX_GUEST_BYTES) return refused(`The slot's header names a module of ${sizeBytes} bytes, which no slot can hold.`);
  const module = bytes.slice(GUEST_MODULE_OFFSET, GUEST_MODULE_OFFSET + sizeBytes);
  if (module.length < sizeBytes) return refused(`The module in the slot has ${sizeBytes} bytes, but only ${module.length} are here.`);
  const digest = bytesToHex(header.subarray(SHA256_AT, KEY_AT));
  if (bytesToHex(sha256(module)) !== digest) return refused('The module in the slot is damaged: its SHA-256 is not the one in the header.');
  const key = header.slice(KEY_AT, SIGNATURE_AT);
  const signature = header.slice(SIGNATURE_AT, NAME_AT);
  const byCable = key.every((byte) => byte === 0) && signature.every((byte) => byte === 0);
  const paddedName = header.subarray(NAME_AT, SEQUENCE_AT);
  const end = paddedName.indexOf(0);
  return {
    ok: true,
    value: {
      module,
      sha256: digest,
      name: new TextDecoder('utf-8', { ignoreBOM: true }).decode(end < 0 ? paddedName : paddedName.subarray(0, end)),
      sequence: view.getUint32(SEQUENCE_AT, true),
      signer: byCable ? null : { key: bytesToHex(key), signature },
    },
  };
}

/** Bytes of the slot up to the module's last one, as its header says; null for what is no header. */
export function guestSlotBytes(header: Uint8Array): number | null {
  if (header.length < HEADER_BYTES) return null;
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  const sizeBytes = view.getUint32(SIZE_AT, true);
  return view.getUint32(0, true) === MAGIC && sizeBytes <= MAX_GUEST_BYTES ? GUEST_MODULE_OFFSET + sizeBytes : null;
}

/** CRC-32 as in IEEE 802.3, zlib and `esp_rom_crc32_le`: reflected polynomial 0xedb88320, all bits inverted before and after. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function exactly(bytes: Uint8Array, length: number, what: string): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`A ${what} has ${length} bytes, this one has ${bytes.length}.`);
  return bytes;
}
