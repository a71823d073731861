/** An app or bootloader as ESP-IDF lays it out. https://docs.espressif.com/projects/esptool/en/latest/esp32/advanced-topics/firmware-image-format.html */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { chipNameOf } from './chip-names.ts';
import { ImageProblem } from './flash-image.ts';
import { textAt } from './text-at.ts';

export interface EspImageHeader {
  /** esptool's name, `ESP32-S3`; `chip 99` when it is unknown. */
  chipName: string;
  chipId: number;
  /** Major times 100 plus minor: 301 for v3.1. */
  minRevision: number;
  segments: number;
  /** From the header to the end of checksum and hash. */
  bytes: number;
  /** Null when none is appended. */
  sha256: string | null;
  entry: number;
}

/** `esp_app_desc_t`, which lies at the start of an app's first segment. */
export interface AppDescriptor {
  project: string;
  version: string;
  idfVersion: string;
  /** As the compiler wrote it: `Nov 20 2026`. */
  date: string;
  time: string;
}

const imageMagic = 0xe9;
const headerBytes = 24;
const segmentHeaderBytes = 8;
const mostSegments = 16;
const checksumSeed = 0xef;
const appMagic = 0xabcd5432;
const hashBytes = 32;

export function looksLikeImage(bytes: Uint8Array): boolean {
  return bytes[0] === imageMagic && bytes.length > headerBytes && (bytes[1] ?? 0) <= mostSegments;
}

/** Checks segments, checksum and hash; throws an `ImageProblem` that begins with `name`. */
export function parseEspImage(name: string, bytes: Uint8Array): EspImageHeader {
  if (!looksLikeImage(bytes)) throw new ImageProblem(`${name} is not an image for an ESP32: it does not begin as one.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chipId = view.getUint16(12, true);
  const segments = bytes[1]!;
  const end = endOfSegments(name, view, segments);
  let checksum = checksumSeed;
  for (const [from, to] of segmentRanges(view, segments)) {
    for (let i = from; i < to; i++) checksum ^= bytes[i]!;
  }
  const checksumAt = end | 15;
  const hashed = bytes[23] === 1;
  const total = checksumAt + 1 + (hashed ? hashBytes : 0);
  if (total > bytes.length) throw truncated(name, total, bytes.length);
  if (bytes[checksumAt] !== checksum) throw new ImageProblem(`${name} is damaged: its checksum is wrong. Build or download it again.`);
  const hash = hashed ? bytesToHex(bytes.subarray(checksumAt + 1, total)) : null;
  if (hash !== null && bytesToHex(sha256(bytes.subarray(0, checksumAt + 1))) !== hash) {
    throw new ImageProblem(`${name} is damaged: its SHA-256 is wrong. Build or download it again.`);
  }
  return {
    chipName: chipNameOf(chipId),
    chipId,
    minRevision: view.getUint16(15, true),
    segments,
    bytes: total,
    sha256: hash,
    entry: view.getUint32(4, true),
  };
}

/** Null when it has none, as a bootloader. The first 256 bytes of an image suffice. */
export function readAppDescriptor(image: Uint8Array): AppDescriptor | null {
  const at = headerBytes + segmentHeaderBytes;
  if (image[0] !== imageMagic || image.length < at + 144) return null;
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (view.getUint32(at, true) !== appMagic) return null;
  return {
    version: textAt(image, at + 16, 32),
    project: textAt(image, at + 48, 32),
    time: textAt(image, at + 80, 16),
    date: textAt(image, at + 96, 16),
    idfVersion: textAt(image, at + 112, 32),
  };
}

function* segmentRanges(view: DataView, segments: number): Generator<[number, number]> {
  let at = headerBytes;
  for (let i = 0; i < segments; i++) {
    const bytes = view.getUint32(at + 4, true);
    at += segmentHeaderBytes;
    yield [at, at + bytes];
    at += bytes;
  }
}

function endOfSegments(name: string, view: DataView, segments: number): number {
  let at = headerBytes;
  for (let i = 0; i < segments; i++) {
    if (at + segmentHeaderBytes > view.byteLength) throw truncated(name, at + segmentHeaderBytes, view.byteLength);
    at += segmentHeaderBytes + view.getUint32(at + 4, true);
    if (at > view.byteLength) throw truncated(name, at, view.byteLength);
  }
  return at;
}

function truncated(name: string, wanted: number, got: number): ImageProblem {
  return new ImageProblem(`${name} is cut off: it should have at least ${wanted} bytes, and has ${got}. Build or download it again.`);
}
