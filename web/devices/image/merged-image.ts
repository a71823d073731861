/** One file for the whole flash, as `esptool merge_bin` makes it, taken apart so that what it has no say in can stay. */
import { bootloaderOffsetOf, chipNameOf } from './chip-names.ts';
import type { RawPart } from './compose-image.ts';
import { looksLikeImage } from './esp-image.ts';
import { sectorBytes } from './flash-image.ts';
import {
  isApp,
  isBootChoice,
  looksLikePartitionTable,
  parsePartitionTable,
  partitionTableBytes,
  partitionTableOffset,
  type Partition,
} from './partition-table.ts';

/** Has a bootloader and a partition table in their places. */
export function looksMerged(bytes: Uint8Array): boolean {
  if (!looksLikePartitionTable(bytes.subarray(partitionTableOffset))) return false;
  return [0, 0x1000, 0x2000].some((offset) => {
    const image = bytes.subarray(offset);
    if (!looksLikeImage(image)) return false;
    return bootloaderOffsetOf(chipNameOf(image[12]! | (image[13]! << 8))) === offset;
  });
}

/**
 * Cuts where partitions begin and end, and leaves out what is erased in the file: gaps are filled so, and written as it is
 * the file would wipe settings and all else that lies in them. A data partition with anything in it goes as a whole,
 * since a file system is one with its erased sectors. The choice of the app slot goes though it is erased, since an old
 * choice may point past the new app.
 */
export function splitMerged(bytes: Uint8Array<ArrayBuffer>): RawPart[] {
  const table = parsePartitionTable(bytes.subarray(partitionTableOffset, partitionTableOffset + partitionTableBytes));
  return regions(table, bytes.length).flatMap(({ name, from, to, wanted }) => {
    const range = wanted === 'all' ? { from, to } : used(bytes, from, to);
    if (range === null) return [];
    const { from: offset, to: end } = wanted === 'all if any' ? { from, to } : range;
    return [{ name, offset, bytes: bytes.slice(offset, end) }];
  });
}

interface Region {
  name: string;
  from: number;
  to: number;
  wanted: 'used' | 'all if any' | 'all';
}

function regions(table: readonly Partition[], end: number): Region[] {
  const list: Region[] = [
    { name: 'bootloader', from: 0, to: partitionTableOffset, wanted: 'used' },
    { name: 'partition table', from: partitionTableOffset, to: partitionTableOffset + sectorBytes, wanted: 'used' },
  ];
  let last = partitionTableOffset + sectorBytes;
  for (const partition of [...table].sort((a, b) => a.offset - b.offset)) {
    if (partition.offset > last) list.push({ name: 'between partitions', from: last, to: partition.offset, wanted: 'used' });
    last = partition.offset + partition.bytes;
    list.push({ name: partition.name, from: partition.offset, to: last, wanted: wantedOf(partition) });
  }
  list.push({ name: 'behind the partitions', from: last, to: end, wanted: 'used' });
  return list.map((region) => ({ ...region, to: Math.min(region.to, end) })).filter((region) => region.from < region.to);
}

function wantedOf(partition: Partition): Region['wanted'] {
  if (isApp(partition)) return 'used';
  return isBootChoice(partition) ? 'all' : 'all if any';
}

/** Without the erased sectors at both ends; null when there is nothing else. */
function used(bytes: Uint8Array, from: number, to: number): { from: number; to: number } | null {
  let start = from;
  while (start < to && isErased(bytes.subarray(start, Math.min(start + sectorBytes, to)))) start += sectorBytes;
  if (start >= to) return null;
  let end = to;
  while (bytes[end - 1] === 0xff) end--;
  return { from: start, to: Math.min(to, Math.ceil(end / 4) * 4) };
}

function isErased(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0xff);
}
