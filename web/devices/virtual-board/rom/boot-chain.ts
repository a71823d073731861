/** What a chip does after a reset without its boot strap: the ROM starts the bootloader, and that starts the app. */
import type { ChipModel } from './chip-model.ts';
import { type AppDescriptor, decodeEspImage } from './esp-image.ts';
import type { NorFlash } from './nor-flash.ts';
import { decodePartitionTable, type Partition, PARTITION_TABLE_BYTES, PARTITION_TABLE_OFFSET } from './partition-table.ts';

const APP_TYPE = 0;
const FACTORY = 0x00;
const OTA_0 = 0x10;
const OTA_LAST = 0x1f;
/** No bootloader is larger: the partition table follows. */
const MAX_BOOTLOADER_BYTES = 0x8000;

export type BootResult =
  | { kind: 'app'; app: AppDescriptor; appOffset: number; partitions: readonly Partition[] }
  /** An app without a descriptor, or a bootloader that never gets to one. A sentence. */
  | { kind: 'foreign'; reason: string }
  /** Nothing to start. A sentence. */
  | { kind: 'empty'; reason: string };

export interface Boot {
  /** What the chip says until the app speaks, without the ROM's own lines. */
  lines: readonly string[];
  result: BootResult;
}

export interface BootSurroundings {
  model: ChipModel;
  flash: NorFlash;
  secureBoot: boolean;
  flashEncryption: boolean;
}

export function boot({ model, flash, secureBoot, flashEncryption }: BootSurroundings): Boot {
  const bootloader = flash.read(model.bootloaderOffset, MAX_BOOTLOADER_BYTES);
  const firstWord = new DataView(bootloader.buffer).getUint32(0, true);
  const erased = firstWord === 0xffffffff;
  const refuse = (reason: string, word: number): Boot => ({
    lines: Array<string>(4).fill(`invalid header: 0x${word.toString(16).padStart(8, '0')}`),
    result: { kind: 'empty', reason },
  });
  // Plain text goes through the decryption and comes out as noise; some fixed noise stands for it.
  if (flashEncryption) return refuse('Flash encryption is on, and what lies in flash is not encrypted with its key.', (firstWord ^ 0x6b8e3d51) >>> 0);
  const loader = decodeEspImage(bootloader);
  if (typeof loader === 'string') {
    return refuse(erased ? 'The flash is empty.' : `The bootloader cannot start. ${loader}`, firstWord);
  }
  if (loader.chipId !== model.imageChipId) return refuse('The bootloader is for another chip.', firstWord);
  const ready = ['mode:DIO, clock div:1', `load:0x3fff0030,len:${loader.bytes}`, 'entry 0x40080400'];
  if (secureBoot) {
    return { lines: [...ready, 'secure boot verification failed'], result: { kind: 'empty', reason: 'Secure boot is on, and the bootloader is not signed with its key.' } };
  }
  return startApp(model, flash, [...ready, 'I (29) boot: 2nd stage bootloader']);
}

function startApp(model: ChipModel, flash: NorFlash, before: readonly string[]): Boot {
  const stop = (line: string, reason: string): Boot => ({ lines: [...before, line], result: { kind: 'empty', reason } });
  const partitions = decodePartitionTable(flash.read(PARTITION_TABLE_OFFSET, PARTITION_TABLE_BYTES));
  if (typeof partitions === 'string') return stop('E (60) boot: load partition table error!', partitions);
  const table = partitions.map(
    ({ name, type, subtype, offset, bytes }, i) =>
      `I (${70 + 4 * i}) boot:  ${i} ${name.padEnd(16)} ${hex(type, 2)} ${hex(subtype, 2)} ${hex(offset, 8)} ${hex(bytes, 8)}`,
  );
  const lines = [...before, 'I (64) boot: Partition Table:', ...table];
  const app = partitions.find(({ type, subtype }) => type === APP_TYPE && subtype === FACTORY)
    ?? partitions.find(({ type, subtype }) => type === APP_TYPE && subtype >= OTA_0 && subtype <= OTA_LAST);
  if (app === undefined) {
    return { lines: [...lines, 'E (110) boot: No bootable app partitions in the partition table'], result: { kind: 'empty', reason: 'The partition table has no place for an app.' } };
  }
  const failed = (line: string, reason: string): Boot => ({
    lines: [...lines, line, 'E (120) boot: No bootable app partitions in the partition table'],
    result: { kind: 'empty', reason },
  });
  if (!flash.holds(app.offset, app.bytes)) return failed(`E (112) boot: partition ${app.name} is beyond the flash`, 'The partition table is for a larger flash.');
  const image = decodeEspImage(flash.read(app.offset, app.bytes));
  if (typeof image === 'string') {
    return failed(`E (114) esp_image: image at 0x${app.offset.toString(16)} is not valid`, `The app cannot start. ${image}`);
  }
  if (image.chipId !== model.imageChipId) {
    return failed(`E (114) boot_comm: mismatch chip ID, expected ${model.imageChipId}, found ${image.chipId}`, 'The app is for another chip.');
  }
  const loaded = [...lines, `I (160) boot: Loaded app from partition at offset 0x${app.offset.toString(16)}`];
  if (image.app === null) return { lines: loaded, result: { kind: 'foreign', reason: 'The app has no description that says what it is.' } };
  return { lines: loaded, result: { kind: 'app', app: image.app, appOffset: app.offset, partitions } };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
