/** Bootloader and app images. https://docs.espressif.com/projects/esptool/en/latest/esp32/advanced-topics/firmware-image-format.html */
import { sha256 } from '@noble/hashes/sha2.js';

const MAGIC = 0xe9;
const HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
const CHECKSUM_SEED = 0xef;
const CHIP_ID_AT = 12;
const HASH_APPENDED_AT = 23;
const SHA256_BYTES = 32;
const MAX_SEGMENTS = 16;

const DESCRIPTOR_MAGIC = 0xabcd5432;
const DESCRIPTOR_BYTES = 256;

/** `esp_app_desc_t`: https://docs.espressif.com/projects/esp-idf/en/stable/esp32/api-reference/system/app_image_format.html */
export interface AppDescriptor {
  projectName: string;
  version: string;
  /** Of the ESP-IDF that built it, `v5.5.1`. */
  idfVersion: string;
}

export interface EspImage {
  chipId: number;
  /** Of the header, segments, checksum and hash. */
  bytes: number;
  /** Null for a bootloader, which has none. */
  app: AppDescriptor | null;
}

export interface ImageSegment {
  address: number;
  data: Uint8Array;
}

/** Sizes as in the header's fourth byte. */
const FLASH_SIZE_CODES: Record<number, number> = { 0x100000: 0, 0x200000: 1, 0x400000: 2, 0x800000: 3, 0x1000000: 4 };
/** 80 MHz. */
const FLASH_FREQUENCY = 0xf;
const FLASH_MODE_DIO = 2;

/** An image with checksum and SHA-256. Segments are filled up to whole words. */
export function encodeEspImage(chipId: number, flashBytes: number, entry: number, segments: readonly ImageSegment[]): Uint8Array<ArrayBuffer> {
  const words = segments.map(({ address, data }) => {
    const padded = new Uint8Array(Math.ceil(data.length / 4) * 4);
    padded.set(data);
    return { address, data: padded };
  });
  const contentBytes = words.reduce((sum, { data }) => sum + SEGMENT_HEADER_BYTES + data.length, HEADER_BYTES);
  const checkedBytes = Math.floor(contentBytes / 16) * 16 + 16;
  const image = new Uint8Array(checkedBytes + SHA256_BYTES);
  const view = new DataView(image.buffer);
  image[0] = MAGIC;
  image[1] = words.length;
  image[2] = FLASH_MODE_DIO;
  image[3] = (FLASH_SIZE_CODES[flashBytes]! << 4) | FLASH_FREQUENCY;
  view.setUint32(4, entry, true);
  // No pin for write protection.
  image[8] = 0xee;
  view.setUint16(CHIP_ID_AT, chipId, true);
  view.setUint16(17, 0xffff, true);
  image[HASH_APPENDED_AT] = 1;
  let at = HEADER_BYTES;
  let checksum = CHECKSUM_SEED;
  for (const { address, data } of words) {
    view.setUint32(at, address, true);
    view.setUint32(at + 4, data.length, true);
    image.set(data, at + SEGMENT_HEADER_BYTES);
    at += SEGMENT_HEADER_BYTES + data.length;
    for (const byte of data) checksum ^= byte;
  }
  image[checkedBytes - 1] = checksum;
  image.set(sha256(image.subarray(0, checkedBytes)), checkedBytes);
  return image;
}

/** `esp_app_desc_t`, to be the first bytes of an app's first segment. */
export function encodeAppDescriptor({ projectName, version, idfVersion }: AppDescriptor, compiled: { date: string; time: string }): Uint8Array<ArrayBuffer> {
  const descriptor = new Uint8Array(DESCRIPTOR_BYTES);
  new DataView(descriptor.buffer).setUint32(0, DESCRIPTOR_MAGIC, true);
  const text = (at: number, bytes: number, value: string) => descriptor.set(new TextEncoder().encode(value).subarray(0, bytes - 1), at);
  text(16, 32, version);
  text(48, 32, projectName);
  text(80, 16, compiled.time);
  text(96, 16, compiled.date);
  text(112, 32, idfVersion);
  return descriptor;
}

/** Checks what a bootloader checks before it runs an image; a sentence says what is wrong. `bytes` may reach beyond the image. */
export function decodeEspImage(bytes: Uint8Array): EspImage | string {
  if (bytes[0] !== MAGIC) return 'There is no image here: it does not begin with 0xe9.';
  const segments = bytes[1]!;
  if (segments > MAX_SEGMENTS) return `The image is damaged: it claims to have ${segments} segments.`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = HEADER_BYTES;
  let checksum = CHECKSUM_SEED;
  for (let i = 0; i < segments; i++) {
    if (at + SEGMENT_HEADER_BYTES > bytes.length) return 'The image is cut off.';
    const length = view.getUint32(at + 4, true);
    at += SEGMENT_HEADER_BYTES;
    if (at + length > bytes.length) return 'The image is cut off, or damaged.';
    for (let end = at + length; at < end; at++) checksum ^= bytes[at]!;
  }
  const checkedBytes = Math.floor(at / 16) * 16 + 16;
  const hashed = bytes[HASH_APPENDED_AT] === 1;
  const end = checkedBytes + (hashed ? SHA256_BYTES : 0);
  if (end > bytes.length) return 'The image is cut off.';
  if (bytes[checkedBytes - 1] !== checksum) return 'The image is damaged: its checksum is wrong.';
  if (hashed) {
    const digest = sha256(bytes.subarray(0, checkedBytes));
    if (digest.some((byte, i) => byte !== bytes[checkedBytes + i])) return 'The image is damaged: its SHA-256 is wrong.';
  }
  return { chipId: view.getUint16(CHIP_ID_AT, true), bytes: end, app: decodeAppDescriptor(bytes.subarray(HEADER_BYTES + SEGMENT_HEADER_BYTES)) };
}

function decodeAppDescriptor(bytes: Uint8Array): AppDescriptor | null {
  if (bytes.length < DESCRIPTOR_BYTES) return null;
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) !== DESCRIPTOR_MAGIC) return null;
  const text = (at: number, length: number) => {
    const field = bytes.subarray(at, at + length);
    const end = field.indexOf(0);
    return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
  };
  return { version: text(16, 32), projectName: text(48, 32), idfVersion: text(112, 32) };
}
