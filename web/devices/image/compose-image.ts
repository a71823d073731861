/** From bytes with places to an image that was checked as a whole. */
import { bootloaderOffsetOf, sameChip } from './chip-names.ts';
import { looksLikeImage, parseEspImage, readAppDescriptor } from './esp-image.ts';
import { ImageProblem, sectorBytes, type FlashImage, type ImagePart, type PartContent } from './flash-image.ts';
import { isApp, isSettings, looksLikePartitionTable, parsePartitionTable, type Partition } from './partition-table.ts';

/** A part of which only name, place and bytes are known yet. */
export type RawPart = Omit<ImagePart, 'settings'>;

/**
 * Throws an `ImageProblem` for what would make no working board: parts that overlap, are cut off or damaged, or are for
 * different chips. `title` is for images in which no app says its project; `familyName` is what came with the files.
 */
export function composeImage(
  raw: readonly RawPart[],
  about: { title: string; version?: string | null; familyName?: string | null; warnings?: readonly string[] },
): FlashImage {
  if (raw.length === 0) throw new ImageProblem('There is nothing to install in it.');
  const sorted = [...raw].sort((a, b) => a.offset - b.offset);
  for (const part of sorted) checkPlace(part);
  checkOverlap(sorted);
  const contents = sorted.map(contentOf);
  const table = contents.find((content) => content.kind === 'partition-table')?.partitions ?? null;
  const settings = table?.filter(isSettings) ?? [];
  const app = contents.find((content) => content.kind === 'app');
  const descriptor = app?.kind === 'app' ? app.app : null;
  return {
    title: descriptor?.project ? descriptor.project : about.title,
    version: about.version ?? descriptor?.version ?? null,
    familyName: chipOf(sorted, contents, about.familyName ?? null),
    parts: sorted.map((part) => ({ ...part, settings: settings.some((partition) => contains(partition, part)) })),
    contents,
    warnings: [...(about.warnings ?? []), ...placeWarnings(sorted, contents, table)],
    totalBytes: sorted.reduce((sum, part) => sum + part.bytes.length, 0),
  };
}

function checkPlace(part: RawPart): void {
  const at = hex(part.offset);
  if (part.bytes.length === 0) throw new ImageProblem(`${part.name} is empty. Build or download it again.`);
  if (!Number.isInteger(part.offset) || part.offset < 0) throw new ImageProblem(`The offset of ${part.name} is not a number of bytes.`);
  if (part.offset % sectorBytes !== 0) {
    throw new ImageProblem(`${part.name} cannot go to ${at}: flash is erased in pieces of 4096 bytes, so its offset must be a multiple of 0x1000.`);
  }
}

function checkOverlap(sorted: readonly RawPart[]): void {
  for (const [i, part] of sorted.entries()) {
    const next = sorted[i + 1];
    const end = part.offset + part.bytes.length;
    if (next && end > next.offset) {
      throw new ImageProblem(`${part.name} at ${hex(part.offset)} reaches up to ${hex(end)} and would be overwritten by ${next.name} at ${hex(next.offset)}.`);
    }
  }
}

function contentOf(part: RawPart): PartContent {
  if (looksLikePartitionTable(part.bytes)) return { kind: 'partition-table', partitions: parsePartitionTable(part.bytes) };
  if (!looksLikeImage(part.bytes)) return { kind: 'data' };
  const header = parseEspImage(part.name, part.bytes);
  const app = readAppDescriptor(part.bytes);
  return { kind: app ? 'app' : 'bootloader', header, app };
}

function chipOf(parts: readonly RawPart[], contents: readonly PartContent[], told: string | null): string | null {
  let chip = told;
  for (const [i, content] of contents.entries()) {
    if (!('header' in content)) continue;
    const { chipName } = content.header;
    if (chip !== null && !sameChip(chip, chipName)) {
      throw new ImageProblem(`These files do not belong together: ${parts[i]!.name} is for ${chipName}, the others are for ${chip}.`);
    }
    chip = chipName;
  }
  return chip;
}

function placeWarnings(parts: readonly RawPart[], contents: readonly PartContent[], table: readonly Partition[] | null): string[] {
  const warnings: string[] = [];
  for (const [i, content] of contents.entries()) {
    const part = parts[i]!;
    if (content.kind === 'bootloader') {
      const wanted = bootloaderOffsetOf(content.header.chipName);
      if (part.offset !== wanted) warnings.push(`The ${content.header.chipName} looks for its bootloader at ${hex(wanted)}; ${part.name} goes to ${hex(part.offset)}.`);
    }
    if (content.kind === 'app' && table) warnings.push(...appWarnings(part, table));
  }
  if (!contents.some((content) => content.kind === 'app')) warnings.push('No app is in it: the board will run what is there already, or nothing.');
  return warnings;
}

function appWarnings(part: RawPart, table: readonly Partition[]): string[] {
  const slot = table.find((partition) => isApp(partition) && partition.offset === part.offset);
  if (!slot) return [`The partition table has no place for an app at ${hex(part.offset)}, where ${part.name} goes.`];
  if (part.bytes.length > slot.bytes) {
    throw new ImageProblem(`${part.name} has ${part.bytes.length} bytes; the partition ${slot.name} has room for ${slot.bytes}.`);
  }
  return [];
}

function contains(partition: Partition, part: RawPart): boolean {
  return part.offset >= partition.offset && part.offset + part.bytes.length <= partition.offset + partition.bytes;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
