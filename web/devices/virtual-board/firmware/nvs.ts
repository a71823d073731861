/**
 * Small values that last, in the `nvs` partition of a virtual board's flash. Not ESP-IDF's format: two halves of the
 * partition take turns, and in each a log of records grows until the half is full; then what still counts is copied
 * to the other half, whose header is written last. A record counts once its checksum does, so a power cut loses at
 * most what was being written.
 */
import { crc32 } from '../../image/guest-slot-image.ts';
import type { FirmwareFlash } from '../rom/firmware-port.ts';

const SECTOR_BYTES = 4096;
/** `CLNV`. */
const MAGIC = 0x564e4c43;
/** Magic, generation, four bytes left erased, checksum of the twelve before. */
const HEADER_BYTES = 16;
/** Length of the key, kind, length of the value, checksum of these and of key and value. */
const RECORD_HEADER_BYTES = 8;
const ALIGNMENT = 4;
const KIND_SET = 1;
const KIND_REMOVED = 0;
const END_OF_LOG = 0xff;

export interface NvsPlace {
  offset: number;
  bytes: number;
}

export class Nvs {
  readonly #flash: FirmwareFlash;
  readonly #halves: readonly [number, number];
  readonly #halfBytes: number;
  readonly #values = new Map<string, Uint8Array>();
  #active: 0 | 1 | null = null;
  #generation = 0;
  /** Offset in the active half where the next record goes. */
  #end = HEADER_BYTES;

  /** Reads what is there; anything that is no store of ours counts as empty and is erased by the first write. */
  constructor(flash: FirmwareFlash, { offset, bytes }: NvsPlace) {
    this.#flash = flash;
    this.#halfBytes = Math.floor(bytes / (2 * SECTOR_BYTES)) * SECTOR_BYTES;
    this.#halves = [offset, offset + this.#halfBytes];
    const [first, second] = [this.#generationOf(0), this.#generationOf(1)];
    if (first === null && second === null) return;
    this.#active = (first ?? 0) > (second ?? 0) ? 0 : 1;
    this.#generation = Math.max(first ?? 0, second ?? 0);
    this.#replay();
  }

  get(key: string): Uint8Array | null {
    return this.#values.get(key)?.slice() ?? null;
  }

  /** Whether it is kept now; false when the store has no room for it. */
  set(key: string, value: Uint8Array): boolean {
    const before = this.#values.get(key);
    if (before && sameBytes(before, value)) return true;
    const undone = new Map(this.#values);
    this.#values.set(key, value.slice());
    if (this.#append(encodeRecord(key, KIND_SET, value))) return true;
    this.#values.clear();
    for (const [name, kept] of undone) this.#values.set(name, kept);
    return false;
  }

  remove(key: string): void {
    if (!this.#values.delete(key)) return;
    this.#append(encodeRecord(key, KIND_REMOVED, new Uint8Array(0)));
  }

  /** Empties the store: every sector is erased, as `nvs_flash_erase` does. */
  eraseAll(): void {
    for (const half of this.#halves) this.#flash.erase(half, this.#halfBytes);
    this.#values.clear();
    this.#active = null;
    this.#generation = 0;
  }

  #generationOf(half: 0 | 1): number | null {
    const header = this.#flash.read(this.#halves[half], HEADER_BYTES);
    const view = new DataView(header.buffer, header.byteOffset);
    if (view.getUint32(0, true) !== MAGIC || view.getUint32(12, true) !== crc32(header.subarray(0, 12))) return null;
    return view.getUint32(4, true);
  }

  #replay(): void {
    const bytes = this.#flash.read(this.#halves[this.#active!], this.#halfBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    let at = HEADER_BYTES;
    while (at + RECORD_HEADER_BYTES <= bytes.length && bytes[at] !== END_OF_LOG) {
      const keyBytes = bytes[at]!;
      const valueBytes = view.getUint16(at + 2, true);
      const end = at + RECORD_HEADER_BYTES + keyBytes + valueBytes;
      if (end > bytes.length || view.getUint32(at + 4, true) !== recordChecksum(bytes.subarray(at, end))) {
        // Its writing was cut off. What lies behind cannot be written again, so the next write begins the other half.
        at = bytes.length;
        break;
      }
      const keyEnd = at + RECORD_HEADER_BYTES + keyBytes;
      const key = new TextDecoder().decode(bytes.subarray(at + RECORD_HEADER_BYTES, keyEnd));
      if (bytes[at + 1] === KIND_SET) this.#values.set(key, bytes.slice(keyEnd, end));
      else this.#values.delete(key);
      at = aligned(end);
    }
    this.#end = at;
  }

  #append(record: Uint8Array): boolean {
    if (this.#active === null || this.#end + record.length > this.#halfBytes) return this.#moveOver();
    this.#flash.write(this.#halves[this.#active] + this.#end, record);
    this.#end += record.length;
    return true;
  }

  /** Writes what counts to the other half. */
  #moveOver(): boolean {
    const records = Array.from(this.#values, ([key, value]) => encodeRecord(key, KIND_SET, value));
    const bytes = records.reduce((sum, { length }) => sum + length, HEADER_BYTES);
    if (bytes > this.#halfBytes) return false;
    const next = this.#active === 0 ? 1 : 0;
    const start = this.#halves[next];
    this.#flash.erase(start, this.#halfBytes);
    let at = HEADER_BYTES;
    for (const record of records) {
      this.#flash.write(start + at, record);
      at += record.length;
    }
    const header = new Uint8Array(HEADER_BYTES).fill(0xff);
    const view = new DataView(header.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint32(4, this.#generation + 1, true);
    view.setUint32(12, crc32(header.subarray(0, 12)), true);
    this.#flash.write(start, header);
    this.#active = next;
    this.#generation += 1;
    this.#end = at;
    return true;
  }
}

/** Padded with what erased flash reads as. */
function encodeRecord(key: string, kind: number, value: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(key);
  const end = RECORD_HEADER_BYTES + name.length + value.length;
  const record = new Uint8Array(aligned(end)).fill(0xff);
  const view = new DataView(record.buffer);
  record[0] = name.length;
  record[1] = kind;
  view.setUint16(2, value.length, true);
  record.set(name, RECORD_HEADER_BYTES);
  record.set(value, RECORD_HEADER_BYTES + name.length);
  view.setUint32(4, recordChecksum(record.subarray(0, end)), true);
  return record;
}

function recordChecksum(record: Uint8Array): number {
  const checked = new Uint8Array(record.length - 4);
  checked.set(record.subarray(0, 4));
  checked.set(record.subarray(RECORD_HEADER_BYTES), 4);
  return crc32(checked);
}

function aligned(at: number): number {
  return Math.ceil(at / ALIGNMENT) * ALIGNMENT;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
