/** Reads from the flash of a board what runs on it. */
import { looksLikeImage, readAppDescriptor, type AppDescriptor } from '../../image/esp-image.ts';
import { ImageProblem } from '../../image/flash-image.ts';
import { isApp, parsePartitionTable, partitionTableBytes, partitionTableOffset, type Partition } from '../../image/partition-table.ts';
import type { FlashContents } from '../flash-contents.ts';
import { readRange } from './flash-reader.ts';
import type { Recovery } from './recovery.ts';

/** Header, first segment's header and `esp_app_desc_t`. */
const appStartBytes = 512;
const mostAppSlots = 4;

export async function readContents(recovery: Recovery): Promise<FlashContents> {
  if (recovery.session.chip.flashEncryption) {
    return { partitions: null, app: null, summary: 'The flash is encrypted, so what is on it cannot be read.' };
  }
  const partitions = await readPartitions(recovery);
  if (partitions === null) return { partitions, app: null, summary: 'Nothing is on it, or nothing that can be told: it has no partition table.' };
  let image = false;
  for (const slot of partitions.filter(isApp).slice(0, mostAppSlots)) {
    const start = await readRange(recovery, slot.offset, appStartBytes);
    const app = readAppDescriptor(start);
    if (app) return { partitions, app, summary: describe(app) };
    image ||= looksLikeImage(start);
  }
  return { partitions, app: null, summary: image ? 'An app without a name is on it.' : 'It has a partition table, but no app.' };
}

/** Null when there is none. */
export async function readPartitions(recovery: Recovery): Promise<readonly Partition[] | null> {
  const bytes = await readRange(recovery, partitionTableOffset, partitionTableBytes);
  try {
    return parsePartitionTable(bytes);
  } catch (error) {
    if (error instanceof ImageProblem) return null;
    throw error;
  }
}

function describe(app: AppDescriptor): string {
  return `${app.project} ${app.version} of ${app.date} is on it, built with ESP-IDF ${app.idfVersion}.`;
}
