/** History's blocks: moves loose samples into them, thins the oldest, and drops what is thinnest. */
import { concatenate, merge } from '../shape/merge.ts';
import { cutIntoBlocks, planCompaction } from '../shape/compaction-plan.ts';
import { nextToThin } from '../shape/thinning-plan.ts';
import type { BlockReader } from './block-reader.ts';
import type { Catalogue } from './catalogue.ts';
import type { HistoryDatabase } from './database.ts';
import type { Head } from './head.ts';
import type { Series } from './series.ts';
import { oldestBlocks, thinned } from './thin-blocks.ts';
import type { Usage } from './usage.ts';
import { prepareChange, type BlockChange, type NextKeys, type Replacement } from './write-blocks.ts';

/** Series compacted in one transaction. */
const GROUP = 32;

export interface BlockStoreParts {
  database: HistoryDatabase;
  catalogue: Catalogue;
  reader: BlockReader;
  usage: Usage;
  /** Throws, and so ends the transaction, when this worker may not write. */
  mayWrite: () => Promise<void>;
}

export class BlockStore {
  readonly #parts: BlockStoreParts;
  readonly #next: NextKeys;

  constructor(parts: BlockStoreParts, next: NextKeys) {
    this.#parts = parts;
    this.#next = next;
  }

  /** All loose samples go into blocks. Rejects when they cannot be stored; then nothing is lost from memory. */
  async compact(): Promise<void> {
    const loose = this.#parts.catalogue.all.filter((series) => series.loose > 0);
    for (let at = 0; at < loose.length; at += GROUP) {
      const group = loose.slice(at, at + GROUP);
      await this.#replace(await Promise.all(group.map((series) => this.#planned(series))), true);
    }
  }

  /**
   * Thins, oldest first, until history without its journal takes no more than `targetBytes` or nothing is left to give up.
   * @returns how many samples were thinned for the first time, and the time before which nothing is kept any more
   */
  async shrink(targetBytes: number, limitBytes: number): Promise<{ thinned: number; droppedBeforeMs: number | null }> {
    let [count, droppedBeforeMs]: [number, number | null] = [0, null];
    const { usage, catalogue, reader } = this.#parts;
    while (usage.lastingBytes > targetBytes) {
      const what = nextToThin(usage.byThinness, limitBytes);
      if (what === null) break;
      const step = [...oldestBlocks(catalogue.all, what === 'drop' ? 2 : what)];
      if (what === 'drop') {
        await this.#replace(step.map(([series, heads]) => ({ series, replacements: [{ series, blocks: heads, by: [] }] })), false);
        droppedBeforeMs = Math.max(droppedBeforeMs ?? -Infinity, ...step.map(([, heads]) => heads[heads.length - 1]!.toMs));
      } else {
        const planned = await Promise.all(
          step.map(async ([series, heads]) => ({ series, replacements: await thinned(series, heads, reader) })),
        );
        await this.#replace(planned, false);
        if (what === 0) count += samplesOf(step.flatMap(([, heads]) => heads));
      }
    }
    return { thinned: count, droppedBeforeMs };
  }

  async #planned(series: Series): Promise<{ series: Series; replacements: Replacement[] }> {
    const replacements: Replacement[] = [];
    for (const { blocks, fresh } of planCompaction(series.heads, series.move())) {
      const stored = await this.#parts.reader.samples(blocks.map(({ block }) => block));
      const samples = merge(concatenate(blocks.map(({ block }) => stored.get(block)!)), fresh);
      const last = series.heads.length === 0 || blocks.length !== 1 || blocks[0] === series.heads[series.heads.length - 1];
      const thinness = blocks[0]?.thinness ?? 0;
      replacements.push({ series, blocks, by: cutIntoBlocks(samples, last).map((part) => ({ samples: part, thinness })) });
    }
    return { series, replacements };
  }

  /** @param moved whether the series' loose samples are in the new blocks */
  async #replace(planned: { series: Series; replacements: Replacement[] }[], moved: boolean): Promise<void> {
    const { database, mayWrite, usage, reader } = this.#parts;
    const changes: BlockChange[] = await Promise.all(
      planned.map(({ series, replacements }) => prepareChange(series, replacements, this.#next)),
    );
    const { blocks, fine, heads, series: rows, settings } = database;
    await database.transaction('rw', [blocks, fine, heads, rows, settings], async () => {
      await mayWrite();
      const unsaved = planned.map(({ series }) => series).filter(({ stored }) => !stored);
      await rows.bulkPut(unsaved.map(({ id, node, quantity }) => ({ id, node, quantity })));
      await Promise.all(changes.map((change) => change.write(database)));
    });
    for (const change of changes) {
      usage.apply(change);
      reader.forget(change.gone.map(({ block }) => block));
      if (!change.series.stored) usage.seriesRows += 1;
      change.series.stored = true;
      if (moved) change.series.moved(change.heads);
      else change.series.heads = change.heads;
    }
  }
}

function samplesOf(heads: Head[]): number {
  return heads.reduce((sum, { samples }) => sum + samples, 0);
}
