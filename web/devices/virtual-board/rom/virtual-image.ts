/**
 * A firmware image for virtual boards, in the format of a real one: bootloader, partition table, app and a first guest,
 * each where firmware/SERIAL.md says. There is no machine code in it, so it must never go to a real chip; its version
 * ends with `-virtual`, by which `isVirtualImage` knows it.
 */
import { stream } from '../../../sim/random.ts';
import { type ChipFamily, chipModels } from './chip-model.ts';
import { encodeAppDescriptor, encodeEspImage } from './esp-image.ts';
import { VIRTUAL_VERSION_SUFFIX } from '../virtual-marks.ts';
import { encodePartitionTable, type Partition, PARTITION_TABLE_OFFSET } from './partition-table.ts';

export const VIRTUAL_PROJECT_NAME = 'continuum-node';

/** The layout of firmware/partitions.csv. */
export const nodePartitions: readonly Partition[] = [
  { name: 'nvs', type: 1, subtype: 0x02, offset: 0x9000, bytes: 0x6000 },
  { name: 'phy_init', type: 1, subtype: 0x01, offset: 0xf000, bytes: 0x1000 },
  { name: 'factory', type: 0, subtype: 0x00, offset: 0x10000, bytes: 0x1f0000 },
  { name: 'guest_0', type: 1, subtype: 0x40, offset: 0x200000, bytes: 0x40000 },
  { name: 'guest_1', type: 1, subtype: 0x40, offset: 0x240000, bytes: 0x40000 },
  { name: 'outbox', type: 1, subtype: 0x41, offset: 0x280000, bytes: 0x40000 },
  { name: 'coredump', type: 1, subtype: 0x03, offset: 0x2c0000, bytes: 0x10000 },
];

export interface VirtualImagePart {
  /** For people: `app`. */
  name: string;
  offset: number;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface VirtualImageOptions {
  chip: ChipFamily;
  /** Without its suffix: `1.0.0`. */
  version: string;
  /** What goes to `guest_0`, as `web/devices/image/guest-slot-image.ts` makes it; none unless given. */
  guestSlot?: Uint8Array<ArrayBuffer>;
  /** Of all content of the app; that of a real build unless said, so that installing takes as long. */
  appBytes?: number;
}

const FLASH_BYTES = 0x400000;
const BOOTLOADER_BYTES = 22_000;
const APP_BYTES = 960_000;
const IDF_VERSION = 'v5.5.1';
/** Where an ESP32 maps its app's constants, and runs its code. Nothing runs there in a virtual board. */
const DROM_ADDRESS = 0x3f400020;
const IRAM_ADDRESS = 0x40080400;
/** The share of its words that differ: makes what compresses as machine code does, to 60 %. */
const FRESH_WORDS = 0.32;

export function isVirtualImage(version: string | null): boolean {
  return version?.endsWith(VIRTUAL_VERSION_SUFFIX) ?? false;
}

/** In rising order of offset. The same options give the same bytes. */
export function buildVirtualImage({ chip, version, guestSlot, appBytes = APP_BYTES }: VirtualImageOptions): VirtualImagePart[] {
  const { imageChipId, bootloaderOffset } = chipModels[chip];
  const descriptor = encodeAppDescriptor(
    { projectName: VIRTUAL_PROJECT_NAME, version: `${version}${VIRTUAL_VERSION_SUFFIX}`, idfVersion: IDF_VERSION },
    { date: 'Jan  1 2026', time: '00:00:00' },
  );
  const constants = new Uint8Array(descriptor.length + Math.floor(appBytes / 4));
  constants.set(descriptor);
  constants.set(filler(`${chip}/constants`, constants.length - descriptor.length), descriptor.length);
  const app = encodeEspImage(imageChipId, FLASH_BYTES, IRAM_ADDRESS, [
    { address: DROM_ADDRESS, data: constants },
    { address: IRAM_ADDRESS, data: filler(`${chip}/code`, appBytes - Math.floor(appBytes / 4)) },
  ]);
  const bootloader = encodeEspImage(imageChipId, FLASH_BYTES, IRAM_ADDRESS, [
    { address: IRAM_ADDRESS, data: filler(`${chip}/bootloader`, Math.min(BOOTLOADER_BYTES, appBytes)) },
  ]);
  const parts: VirtualImagePart[] = [
    { name: 'bootloader', offset: bootloaderOffset, bytes: bootloader },
    { name: 'partition table', offset: PARTITION_TABLE_OFFSET, bytes: encodePartitionTable(nodePartitions) },
    { name: 'app', offset: place('factory'), bytes: app },
  ];
  if (guestSlot !== undefined) parts.push({ name: 'guest', offset: place('guest_0'), bytes: guestSlot });
  return parts;
}

function place(name: string): number {
  return nodePartitions.find((partition) => partition.name === name)!.offset;
}

function filler(name: string, bytes: number): Uint8Array<ArrayBuffer> {
  const random = stream(0, `virtual-image/${name}`);
  const words = new Uint32Array(Math.ceil(bytes / 4));
  for (let i = 0; i < words.length; i++) {
    const fresh = i < 8 || random.bernoulli(FRESH_WORDS);
    words[i] = fresh ? random.int(0, 0xffffffff) : words[i - random.int(1, Math.min(i, 4000))]!;
  }
  return new Uint8Array(words.buffer, 0, bytes);
}
