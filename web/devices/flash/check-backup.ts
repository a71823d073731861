/** Whether a backup may go to a board. */
import type { Diagnosis } from '../diagnosis.ts';
import { checkProtection } from '../image/check-image.ts';
import { bootloaderOffsetOf, chipNameOf, sameChip } from '../image/chip-names.ts';
import { looksLikeImage } from '../image/esp-image.ts';
import type { ChipFacts } from './flash-state.ts';

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
  return checkProtection(chip);
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
