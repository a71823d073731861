/** Puts new blocks in the place of old ones, all in one transaction. */
import { encodeColumns, encodeShortColumns } from '../codec/columns.ts';
import { cellsOf, FINE } from '../shape/pyramid.ts';
import type { Samples } from '../shape/samples.ts';
import type { Thinness } from '../shape/thinning-plan.ts';
import type { HeadsRow, HistoryDatabase } from './database.ts';
import { encodeHeads, hasFine, headOf, type Head } from './head.ts';
import type { Series } from './series.ts';

/** Heads in a row of the database: so many are written anew when one changes. */
const PAGE_HEADS = 32;

export interface Replacement {
  series: Series;
  blocks: readonly Head[];
  /** In order of time, none empty; they lie between the neighbours of `blocks`. */
  by: { samples: Samples; thinness: Thinness }[];
}

interface Written {
  head: Head;
  samples: Uint8Array<ArrayBuffer>;
  fine: Uint8Array<ArrayBuffer> | null;
}

/** The keys that are free. */
export interface NextKeys {
  block: number;
  page: number;
}

/** The change of one series, in the database once `write` ran in a transaction. */
export interface BlockChange {
  series: Series;
  heads: Head[];
  gone: Head[];
  /** Bytes of the rows of heads that changed; 0 for one that is gone. */
  pageBytes: Map<number, number>;
  write(database: HistoryDatabase): Promise<unknown>;
}

/** @param replacements of one series, in order of time */
export async function prepareChange(series: Series, replacements: Replacement[], next: NextKeys): Promise<BlockChange> {
  const gone = new Set(replacements.flatMap(({ blocks }) => blocks));
  const heads = series.heads.filter((head) => !gone.has(head));
  const room = roomInPages(heads);
  const written: Written[] = [];
  for (const { blocks, by } of replacements) {
    for (const { samples, thinness } of by) {
      const page = blocks[0]?.page ?? heads[heads.length - 1]?.page ?? -1;
      written.push(await encodeBlock(samples, thinness, next.block++, takeRoom(room, page, next)));
    }
  }
  heads.push(...written.map(({ head }) => head));
  heads.sort((a, b) => a.fromMs - b.fromMs);
  const dirty = new Set([...[...gone].map(({ page }) => page), ...written.map(({ head }) => head.page)]);
  const pages = [...dirty].map((id) => pageRow(id, series.id, heads));
  const fine = written.filter((each) => each.fine !== null);
  return {
    series,
    heads,
    gone: [...gone],
    pageBytes: new Map(pages.map(({ id, bytes }) => [id, bytes.length])),
    write: (database) =>
      Promise.all([
        database.blocks.bulkPut(written.map(({ samples }) => samples), written.map(({ head }) => head.block)),
        database.fine.bulkPut(fine.map((each) => each.fine!), fine.map(({ head }) => head.block)),
        database.blocks.bulkDelete([...gone].map(({ block }) => block)),
        database.fine.bulkDelete([...gone].map(({ block }) => block)),
        database.heads.bulkPut(pages.filter(({ bytes }) => bytes.length > 0)),
        database.heads.bulkDelete(pages.filter(({ bytes }) => bytes.length === 0).map(({ id }) => id)),
      ]),
  };
}

async function encodeBlock(samples: Samples, thinness: Thinness, block: number, page: number): Promise<Written> {
  const bytes = await encodeColumns({ timeMs: samples.timeMs, values: [samples.value] });
  let fine: Written['fine'] = null;
  if (hasFine(samples.timeMs.length)) {
    const { timeMs, min, max } = cellsOf(samples, FINE);
    fine = encodeShortColumns({ timeMs, values: [min, max] });
  }
  return { head: headOf(samples, block, page, thinness, bytes.length + (fine?.length ?? 0)), samples: bytes, fine };
}

function roomInPages(heads: readonly Head[]): Map<number, number> {
  const room = new Map<number, number>();
  for (const { page } of heads) room.set(page, (room.get(page) ?? PAGE_HEADS) - 1);
  return room;
}

function takeRoom(room: Map<number, number>, wanted: number, next: NextKeys): number {
  // A page whose heads are all being replaced has its whole room again.
  const free = wanted < 0 ? 0 : (room.get(wanted) ?? PAGE_HEADS);
  const open = [...room].find(([, left]) => left > 0)?.[0];
  const page = free > 0 ? wanted : (open ?? next.page++);
  room.set(page, (room.get(page) ?? PAGE_HEADS) - 1);
  return page;
}

function pageRow(id: number, series: number, heads: readonly Head[]): HeadsRow {
  return { id, series, bytes: encodeHeads(heads.filter(({ page }) => page === id)) };
}
