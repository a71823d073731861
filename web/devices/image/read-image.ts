/** Images as people have them: a build folder, its zip, files with offsets, one merged file. */
import { bootloaderOffsetOf } from './chip-names.ts';
import { composeImage, type RawPart } from './compose-image.ts';
import { looksLikeImage, parseEspImage, readAppDescriptor } from './esp-image.ts';
import { ImageProblem, type FlashImage, type ImageFile } from './flash-image.ts';
import { findFlasherArgs, readBuild } from './idf-build.ts';
import { looksMerged, splitMerged } from './merged-image.ts';
import { looksLikePartitionTable, partitionTableOffset } from './partition-table.ts';
import { openZips } from './zip-files.ts';

/** Where ESP-IDF and Arduino put the app unless told otherwise. */
const usualAppOffset = 0x10000;

/**
 * A build folder or a zip of one (anything that holds `flasher_args.json`), one merged image for the whole flash, or
 * single files whose contents say where they go. Rejects with an `ImageProblem`, which names the file whose offset is
 * missing when one is: `readParts` takes it with the offset.
 */
export async function readImage(given: readonly ImageFile[]): Promise<FlashImage> {
  const files = await openZips(given);
  const flasherArgs = findFlasherArgs(files);
  if (flasherArgs) return readBuild(files, flasherArgs);
  const images = files.filter((file) => file.path.toLowerCase().endsWith('.bin'));
  if (images.length === 0) {
    throw new ImageProblem('No image is in it. Choose the build folder of ESP-IDF, a zip of it, or .bin files.');
  }
  const parts = await Promise.all(
    images.map(async (file) => {
      const bytes = await file.bytes();
      const offset = guessOffset(bytes);
      if (offset === null) throw new ImageProblem(`Nothing in ${nameOf(file)} says where in flash it goes. Enter its offset.`);
      return { file, offset };
    }),
  );
  return readParts(parts);
}

/** Single files with the offsets that the user gave. A merged image at 0 is taken apart, so that settings can stay. */
export async function readParts(given: readonly { file: ImageFile; offset: number }[]): Promise<FlashImage> {
  const raw: RawPart[] = [];
  const warnings: string[] = [];
  for (const { file, offset } of given) {
    const bytes = await file.bytes();
    if (offset === 0 && looksMerged(bytes)) {
      raw.push(...splitMerged(bytes));
      warnings.push(`${nameOf(file)} holds the whole flash. Its gaps are left out, so that the board's settings stay unless you erase everything.`);
    } else {
      raw.push({ name: nameOf(file), offset, bytes });
    }
  }
  return composeImage(raw, { title: given[0] ? nameOf(given[0].file) : '', warnings });
}

/** Where a file goes if its contents tell; for the form in which people enter offsets. */
export function guessOffset(bytes: Uint8Array): number | null {
  if (looksMerged(bytes)) return 0;
  if (looksLikePartitionTable(bytes)) return partitionTableOffset;
  if (!looksLikeImage(bytes)) return null;
  if (readAppDescriptor(bytes)) return usualAppOffset;
  try {
    return bootloaderOffsetOf(parseEspImage('It', bytes).chipName);
  } catch {
    return null;
  }
}

function nameOf(file: ImageFile): string {
  return file.path.slice(file.path.lastIndexOf('/') + 1);
}
