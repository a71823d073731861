/** Whether a backup may go to a board. */
import type { Diagnosis } from '../diagnosis.ts';
import { checkProtection, isVirtualApp, isVirtualMac } from '../image/check-image.ts';
import { bootloaderOffsetOf, chipNameOf, sameChip } from '../image/chip-names.ts';
import { looksLikeImage, readAppDescriptor } from '../image/esp-image.ts';
import { isApp, looksLikePartitionTable, parsePartitionTable, partitionTableBytes, partitionTableOffset } from '../image/partition-table.ts';
import type { ChipFacts } from './flash-state.ts';

/** An app begins with its headers and descriptor. */
const APP_HEAD_BYTES = 512;

/** Null when it may. */
export function checkBackup(backup: Uint8Array, chip: ChipFacts): Diagnosis | null {
  if (chip.flashBytes !== null && backup.length !== chip.flashBytes) {
    const what = `This is no backup of this board: it has ${backup.length} bytes, and the flash ${chip.flashBytes}.`;
    const cause = backup.length > chip.flashBytes ? 'image-too-large' : 'image-broken';
    return { cause, what, steps: ['Choose a backup of a whole flash of the same size.'], detail: null };
  }
  const chipName = chipOfBackup(backup);
  if (chipName !== null && !sameChip(chipName, chip.familyName)) {
    const what = `This is a backup of an ${chipName}; this board has an ${chip.familyName}.`;
    return { cause: 'wrong-chip', what, steps: [`Choose a backup of an ${chip.familyName}.`], detail: null };
  }
  if (chipName === null && !backup.every((byte) => byte === 0xff)) {
    return { cause: 'image-broken', what: 'This file is no backup of a flash: it holds no boot loader.', steps: ['Choose a file that was saved by Back up.'], detail: null };
  }
  if (!isVirtualMac(chip.mac) && holdsVirtualApp(backup)) {
    return { cause: 'wrong-chip', what: 'This is a backup of a virtual board: there is no machine code in it.', steps: ['Choose a backup of a real board.'], detail: null };
  }
  return checkProtection(chip);
}

function holdsVirtualApp(backup: Uint8Array): boolean {
  const table = backup.subarray(partitionTableOffset, partitionTableOffset + partitionTableBytes);
  if (!looksLikePartitionTable(table)) return false;
  try {
    return parsePartitionTable(table).filter(isApp).some(({ offset }) => isVirtualApp(readAppDescriptor(backup.subarray(offset, offset + APP_HEAD_BYTES))));
  } catch {
    return false;
  }
}

/** Of the bootloader in it; null when there is none. */
function chipOfBackup(backup: Uint8Array): string | null {
  for (const offset of [0, 0x1000, 0x2000]) {
    const image = backup.subarray(offset, offset + 64);
    if (!looksLikeImage(image)) continue;
    const chipName = chipNameOf(image[12]! | (image[13]! << 8));
    if (bootloaderOffsetOf(chipName) === offset) return chipName;
  }
  return null;
}
