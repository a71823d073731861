/** The jobs that end with another flash, or a copy of it. All reject with a `FlashFailure` only. */
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { sectorBytes, type FlashImage, type ImagePart } from '../../image/flash-image.ts';
import { isApp, isSettings } from '../../image/partition-table.ts';
import type { Backup } from '../backup.ts';
import { FlashFailure } from '../flash-failure.ts';
import type { FlashLog } from '../flash-log.ts';
import type { Compress } from './deflated.ts';
import { eraseRange } from './flash-eraser.ts';
import { readInto } from './flash-reader.ts';
import { guestOnBoard, isGuest } from './kept-guest.ts';
import { FlashWriter, type WritePart } from './flash-writer.ts';
import { readPartitions } from './read-contents.ts';
import type { Recovery } from './recovery.ts';

export type HearProgress = (task: string, doneBytes: number, totalBytes: number) => void;

export interface JobContext {
  recovery: Recovery;
  log: FlashLog;
  compress: Compress;
  hear: HearProgress;
}

/** Which parts are written depends on whether everything is erased: settings that came with the image go only then. */
export function partsToWrite(image: FlashImage, eraseAll: boolean): readonly ImagePart[] {
  return image.parts.filter((part) => eraseAll || !part.settings);
}

/** `fresh`: all was erased just now. Returns a sentence. */
export async function writeImage(job: JobContext, image: FlashImage, parts: readonly ImagePart[], fresh: boolean): Promise<string> {
  if (!fresh) await checkSlots(job, image);
  const kept = !fresh && parts.some(isGuest) ? await guestOnBoard(job.recovery, image) : null;
  const wanted = kept === null ? parts : parts.filter((part) => !isGuest(part));
  const padded = wanted.map((part) => ({ ...part, paddedBytes: paddedBytesOf(part, image) }));
  const { bytes, skipped } = await writeParts(job, padded, fresh);
  const name = image.version === null ? image.title : `${image.title} ${image.version}`;
  const there = skipped > 0 ? ` ${skipped} of ${wanted.length} parts were there already.` : '';
  const guest = kept === null ? '' : ` The board keeps its guest, ${kept}.`;
  return `${name} is installed: ${kibibytes(bytes)} in ${wanted.length} parts, verified by MD5.${there}${guest}`;
}

/** Returns a sentence. */
export async function eraseWhole(job: JobContext): Promise<string> {
  const bytes = flashBytesOf(job);
  await erase(job, 'Erasing the whole flash', 0, bytes);
  return `The whole flash is erased, ${kibibytes(bytes)}, and nothing is left on it.`;
}

/** Returns a sentence. */
export async function eraseSettings(job: JobContext): Promise<string> {
  const partitions = await readPartitions(job.recovery);
  const settings = partitions?.filter(isSettings) ?? [];
  if (settings.length === 0) {
    throw new FlashFailure('other', 'No nvs partition.', 'Where this board keeps its settings is not known: it has no partition table that names a place for them. Erase the whole flash instead.');
  }
  for (const partition of settings) await erase(job, 'Erasing the settings', partition.offset, partition.bytes);
  return 'The settings are erased; the app and its guests stayed.';
}

/** What an earlier try has read already. */
export interface PartialBackup {
  mac: string;
  bytes: Uint8Array<ArrayBuffer>;
  doneBytes: number;
}

/** Goes on where `partial` ends, and moves that. */
export async function readWhole(job: JobContext, partial: PartialBackup): Promise<Backup> {
  const { bytes } = partial;
  const { stub } = job.recovery.session;
  await readInto(job.recovery, 0, bytes, partial.doneBytes, (done) => {
    // Progress within a piece is shown, but only whole pieces were verified.
    if (done % pieceAlignment === 0 || done === bytes.length) partial.doneBytes = done;
    job.hear('Reading the flash', done, bytes.length);
  });
  job.hear('Comparing the copy with the flash', bytes.length, bytes.length);
  const hash = bytesToHex(md5(bytes));
  if ((await job.recovery.keepTrying(() => stub.md5(0, bytes.length))) !== hash) {
    partial.doneBytes = 0;
    throw new FlashFailure('garbled', 'The copy differs from the flash.');
  }
  const { family, mac } = job.recovery.session.chip;
  return { fileName: `${family}-${mac.replaceAll(':', '')}-${bytes.length / 1024 / 1024}MB.bin`, bytes, md5: hash };
}

const pieceAlignment = 64 * 1024;

/** Returns a sentence. */
export async function writeWhole(job: JobContext, backup: Uint8Array): Promise<string> {
  await writeParts(job, [{ name: 'backup', offset: 0, bytes: backup, paddedBytes: 0 }], false);
  return `The whole flash is as in the backup, ${kibibytes(backup.length)}, verified by MD5.`;
}

async function writeParts(job: JobContext, parts: readonly WritePart[], fresh: boolean): Promise<{ bytes: number; skipped: number }> {
  const writer = new FlashWriter(job.recovery, job.log, job.compress);
  const bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0);
  let before = 0;
  let skipped = 0;
  for (const part of parts) {
    const task = `Writing ${part.name}`;
    const written = await writer.write(part, fresh, (done) => job.hear(task, before + done, bytes));
    if (!written) skipped++;
    before += part.bytes.length;
  }
  return { bytes, skipped };
}

/**
 * An app goes up to the end of its last block of 64 KiB within its own partition: such a block erases faster than the few
 * sectors of it that the app needs, and behind an app nothing lies that anybody reads.
 */
function paddedBytesOf(part: ImagePart, image: FlashImage): number {
  const table = image.contents.find((content) => content.kind === 'partition-table');
  const slot = table?.partitions.find((partition) => isApp(partition) && partition.offset === part.offset);
  if (!slot) return 0;
  return Math.min(slot.bytes, Math.ceil(part.bytes.length / eraseBlockBytes) * eraseBlockBytes);
}

/** An app that comes without a partition table must fit the one that is on the board. */
async function checkSlots(job: JobContext, image: FlashImage): Promise<void> {
  const apps = image.parts.filter((_, i) => image.contents[i]!.kind === 'app');
  if (apps.length === 0 || image.contents.some(({ kind }) => kind === 'partition-table')) return;
  const slots = (await readPartitions(job.recovery))?.filter(isApp) ?? [];
  for (const app of apps) {
    const slot = slots.find(({ offset }) => offset === app.offset);
    const place = `0x${app.offset.toString(16)}`;
    if (!slot) throw new FlashFailure('image-broken', 'No slot.', `The board has no place for an app at ${place}: install an image with its own partition table.`);
    if (app.bytes.length > slot.bytes) {
      throw new FlashFailure('image-too-large', 'Slot too small.', `${app.name} has ${kibibytes(app.bytes.length)}; its place on the board at ${place} has ${kibibytes(slot.bytes)}.`);
    }
  }
}

const eraseBlockBytes = 64 * 1024;

async function erase(job: JobContext, task: string, offset: number, bytes: number): Promise<void> {
  job.hear(task, 0, bytes);
  await eraseRange(job.recovery, offset, Math.ceil(bytes / sectorBytes) * sectorBytes, (done) => job.hear(task, done, bytes));
}

function flashBytesOf(job: JobContext): number {
  const { flashBytes } = job.recovery.session.chip;
  if (flashBytes === null) throw new FlashFailure('flash-failed', 'The flash chip does not tell its size.');
  return flashBytes;
}

function kibibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KB`;
}
