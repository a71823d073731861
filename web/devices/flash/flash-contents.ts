/** What runs on a board, as its flash tells. */
import type { AppDescriptor } from '../image/esp-image.ts';
import type { Partition } from '../image/partition-table.ts';

export interface FlashContents {
  /** Null when there is no partition table. */
  partitions: readonly Partition[] | null;
  /** Of the app that lies in the partition table's first app slot that has one. */
  app: AppDescriptor | null;
  /** A sentence: `continuum-node 1.0.0 of Nov 20 2026 is on it.` */
  summary: string;
}
