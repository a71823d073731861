/** The partition table in flash. https://docs.espressif.com/projects/esp-idf/en/stable/esp32/api-guides/partition-tables.html */
import { md5 } from '@noble/hashes/legacy.js';

export interface Partition {
  name: string;
  /** 0 app, 1 data, 0x40 to 0xfe free to use. */
  type: number;
  subtype: number;
  offset: number;
  bytes: number;
}

export const PARTITION_TABLE_OFFSET = 0x8000;
export const PARTITION_TABLE_BYTES = 0xc00;

const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 0x50aa;
const MD5_MAGIC = 0xebeb;
const MD5_AT = 16;
const NAME_AT = 12;
const NAME_BYTES = 16;

/** With its MD5, filled up as erased flash is. */
export function encodePartitionTable(partitions: readonly Partition[]): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(PARTITION_TABLE_BYTES).fill(0xff);
  const view = new DataView(table.buffer);
  partitions.forEach(({ name, type, subtype, offset, bytes }, i) => {
    const at = i * ENTRY_BYTES;
    table.fill(0, at, at + ENTRY_BYTES);
    view.setUint16(at, ENTRY_MAGIC, true);
    table[at + 2] = type;
    table[at + 3] = subtype;
    view.setUint32(at + 4, offset, true);
    view.setUint32(at + 8, bytes, true);
    table.set(new TextEncoder().encode(name).subarray(0, NAME_BYTES), at + NAME_AT);
  });
  const end = partitions.length * ENTRY_BYTES;
  view.setUint16(end, MD5_MAGIC, true);
  table.set(md5(table.subarray(0, end)), end + MD5_AT);
  return table;
}

/** What a bootloader finds; or a sentence on what is wrong. */
export function decodePartitionTable(table: Uint8Array): Partition[] | string {
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  const partitions: Partition[] = [];
  for (let at = 0; at + ENTRY_BYTES <= table.length; at += ENTRY_BYTES) {
    const magic = view.getUint16(at, true);
    if (magic === 0xffff && partitions.length > 0) return partitions;
    if (magic === MD5_MAGIC) {
      const expected = md5(table.subarray(0, at));
      if (expected.some((byte, i) => byte !== table[at + MD5_AT + i])) return 'The partition table is damaged: its MD5 is wrong.';
      return partitions;
    }
    if (magic !== ENTRY_MAGIC) return `There is no partition table at 0x${PARTITION_TABLE_OFFSET.toString(16)}.`;
    const name = table.subarray(at + NAME_AT, at + NAME_AT + NAME_BYTES);
    const nameEnd = name.indexOf(0);
    partitions.push({
      name: new TextDecoder().decode(nameEnd < 0 ? name : name.subarray(0, nameEnd)),
      type: table[at + 2]!,
      subtype: table[at + 3]!,
      offset: view.getUint32(at + 4, true),
      bytes: view.getUint32(at + 8, true),
    });
  }
  return partitions;
}
