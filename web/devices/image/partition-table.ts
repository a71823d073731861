/** ESP-IDF's partition table. https://docs.espressif.com/projects/esp-idf/en/stable/esp32/api-guides/partition-tables.html */
import { md5 } from '@noble/hashes/legacy.js';
import { ImageProblem } from './flash-image.ts';
import { textAt } from './text-at.ts';

export interface Partition {
  name: string;
  /** 0 app, 1 data. */
  type: number;
  subtype: number;
  offset: number;
  bytes: number;
  encrypted: boolean;
}

export const partitionTableOffset = 0x8000;
export const partitionTableBytes = 0xc00;

const entryBytes = 32;
const entryMagic = 0x50aa;
const md5Magic = 0xebeb;
const endMagic = 0xffff;

export function looksLikePartitionTable(bytes: Uint8Array): boolean {
  return bytes.length >= entryBytes && bytes[0] === 0xaa && bytes[1] === 0x50;
}

/** Throws an `ImageProblem` when it is none, or damaged. */
export function parsePartitionTable(bytes: Uint8Array): Partition[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const partitions: Partition[] = [];
  const end = Math.min(bytes.length, partitionTableBytes);
  for (let at = 0; at + entryBytes <= end; at += entryBytes) {
    const magic = view.getUint16(at, true);
    if (magic === endMagic) break;
    if (magic === md5Magic) {
      if (!sameBytes(md5(bytes.subarray(0, at)), bytes.subarray(at + 16, at + 32))) {
        throw new ImageProblem('The partition table is damaged: its MD5 is wrong.');
      }
      break;
    }
    if (magic !== entryMagic) throw new ImageProblem(`The partition table is damaged: entry ${at / entryBytes} is none.`);
    partitions.push({
      type: bytes[at + 2]!,
      subtype: bytes[at + 3]!,
      offset: view.getUint32(at + 4, true),
      bytes: view.getUint32(at + 8, true),
      name: textAt(bytes, at + 12, 16),
      encrypted: (view.getUint32(at + 28, true) & 1) === 1,
    });
  }
  if (partitions.length === 0) throw new ImageProblem('There is no partition table where one was expected.');
  return partitions;
}

export const isApp = (partition: Partition): boolean => partition.type === 0;
export const isSettings = (partition: Partition): boolean => partition.type === 1 && partition.subtype === 2;
/** Says which of several app slots starts. */
export const isBootChoice = (partition: Partition): boolean => partition.type === 1 && partition.subtype === 0;

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
