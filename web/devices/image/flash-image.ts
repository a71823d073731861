/** What is to be written to a board: bytes with places, and what they are. */
import type { AppDescriptor, EspImageHeader } from './esp-image.ts';
import type { Partition } from './partition-table.ts';

/** The chips that our firmware is built for, or one that only images of others fit. */
export type ChipFamily = 'esp32' | 'esp32s3' | 'esp32c3' | 'other';

/** The smallest piece of flash that can be erased. */
export const sectorBytes = 4096;

export interface ImagePart {
  /** For people: a file's name, or `app`. */
  name: string;
  /** Where it goes in flash; a multiple of 4096. */
  offset: number;
  bytes: Uint8Array<ArrayBuffer>;
  /** Lies in an `nvs` partition: is written only when the whole flash is erased before. */
  settings: boolean;
}

/** What was found in a part. */
export type PartContent =
  | { kind: 'bootloader' | 'app'; header: EspImageHeader; app: AppDescriptor | null }
  | { kind: 'partition-table'; partitions: readonly Partition[] }
  | { kind: 'data' };

export interface FlashImage {
  /** Project or file, for people. */
  title: string;
  version: string | null;
  /** esptool's name of the chip that it was built for, `ESP32-C3`; null when nothing in it tells. */
  familyName: string | null;
  /** In rising order of offset, without overlap. */
  parts: readonly ImagePart[];
  /** One for each part, in the same order. */
  contents: readonly PartContent[];
  /** What people should know before they install it, each a sentence. */
  warnings: readonly string[];
  totalBytes: number;
}

/** A file as the user gave it. */
export interface ImageFile {
  /** With folders, as in `build/bootloader/bootloader.bin`. */
  path: string;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

/** An image that cannot be used, and why, in a sentence for people. */
export class ImageProblem extends Error {
  override name = 'ImageProblem';
}
