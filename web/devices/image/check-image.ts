/** Whether an image may go to a board. */
import type { Diagnosis } from '../diagnosis.ts';
import type { ChipFacts } from '../flash/flash-state.ts';
import { VIRTUAL_MAC_PREFIX, VIRTUAL_VERSION_SUFFIX } from '../virtual-board/virtual-marks.ts';
import { sameChip } from './chip-names.ts';
import type { AppDescriptor } from './esp-image.ts';
import type { FlashImage } from './flash-image.ts';

/** Whether this app has no machine code in it. */
export const isVirtualApp = (app: AppDescriptor | null): boolean => app?.version.endsWith(VIRTUAL_VERSION_SUFFIX) ?? false;
export const isVirtualMac = (mac: string): boolean => mac.startsWith(VIRTUAL_MAC_PREFIX);

/** Null when it may. */
export function checkImage(image: FlashImage, chip: ChipFacts): Diagnosis | null {
  return checkChip(image, chip) ?? checkVirtual(image, chip) ?? checkRevision(image, chip) ?? checkProtection(chip) ?? checkSize(image, chip);
}

function checkChip(image: FlashImage, chip: ChipFacts): Diagnosis | null {
  if (image.familyName === null || sameChip(image.familyName, chip.familyName)) return null;
  return diagnosis('wrong-chip', `${image.title} is built for the ${image.familyName}; this board has an ${chip.familyName}.`, [
    `Choose an image that is built for the ${chip.familyName}.`,
    'If you expected another board, check which one is plugged in.',
  ]);
}

/** There is no machine code in an image for virtual boards; a real one would never start again by itself. */
function checkVirtual(image: FlashImage, chip: ChipFacts): Diagnosis | null {
  // A manifest may say another version than the app in it.
  const virtual = image.version?.endsWith(VIRTUAL_VERSION_SUFFIX) || image.contents.some((content) => 'app' in content && isVirtualApp(content.app));
  if (!virtual || isVirtualMac(chip.mac)) return null;
  return diagnosis('wrong-chip', `${image.title} ${image.version} is for virtual boards only; this is a real one.`, [
    'Choose an image that was built for a real board, as `npm run firmware` makes it.',
  ]);
}

function checkRevision(image: FlashImage, chip: ChipFacts): Diagnosis | null {
  const match = /^v(\d+)(?:\.(\d+))?$/.exec(chip.revision);
  if (!match) return null;
  // Of an ESP32 only the major revision is known, so it passes for the newest of these.
  const revision = Number(match[1]) * 100 + Number(match[2] ?? 99);
  for (const [i, content] of image.contents.entries()) {
    if (!('header' in content) || content.header.minRevision <= revision) continue;
    const wanted = `v${Math.floor(content.header.minRevision / 100)}.${content.header.minRevision % 100}`;
    return diagnosis('wrong-chip', `${image.parts[i]!.name} needs revision ${wanted} of the ${chip.familyName} or newer; this board has ${chip.revision}.`, [
      'Choose an image that was built for older revisions too (in ESP-IDF: Component config, Hardware Settings, Chip revision).',
      'Use a board with a newer chip.',
    ]);
  }
  return null;
}

/** Both are burnt into the chip for good, so there is nothing that a flasher could do. */
export function checkProtection(chip: ChipFacts): Diagnosis | null {
  if (chip.flashEncryption) {
    return diagnosis('encrypted', 'The flash of this board is encrypted, and the chip would read a plain image as noise.', [
      'Update the board by the way its maker provides, or with the tools and keys that encrypted it.',
      'Use another board for this image: encryption cannot be taken back.',
    ]);
  }
  if (chip.secureBoot) {
    return diagnosis('secure-boot', 'This board starts only images that are signed with the key of its maker (secure boot).', [
      'Update the board by the way its maker provides, with an image that is signed.',
      'Use another board for this image: secure boot cannot be taken back.',
    ]);
  }
  return null;
}

function checkSize(image: FlashImage, chip: ChipFacts): Diagnosis | null {
  if (chip.flashBytes === null) return null;
  const { flashBytes } = chip;
  const beyond = image.parts.find((part) => part.offset + part.bytes.length > flashBytes);
  if (beyond) return tooLarge(beyond.name, beyond.offset + beyond.bytes.length, flashBytes);
  for (const content of image.contents) {
    if (content.kind !== 'partition-table') continue;
    const outside = content.partitions.find((partition) => partition.offset + partition.bytes > flashBytes);
    if (outside) return tooLarge(`The partition ${outside.name}`, outside.offset + outside.bytes, flashBytes);
  }
  return null;
}

function tooLarge(what: string, wantedBytes: number, flashBytes: number): Diagnosis {
  return diagnosis('image-too-large', `${what} reaches up to ${mebibytes(wantedBytes)}; the flash of this board has ${mebibytes(flashBytes)}.`, [
    'Choose an image that was built for this flash size (in ESP-IDF: Serial flasher config, Flash size).',
  ]);
}

function mebibytes(bytes: number): string {
  const value = bytes / (1024 * 1024);
  return `${Number.isInteger(value) ? value : value.toFixed(2)} MB`;
}

function diagnosis(cause: Diagnosis['cause'], what: string, steps: string[]): Diagnosis {
  return { cause, what, steps, detail: null };
}
