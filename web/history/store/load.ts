/** Reads at opening what is kept in memory: heads, journal and counts, no blocks. */
import { Catalogue } from './catalogue.ts';
import type { HistoryDatabase, Settings } from './database.ts';
import { decodeHeads, type Head } from './head.ts';
import type { Series } from './series.ts';
import { Usage } from './usage.ts';
import type { NextKeys } from './write-blocks.ts';

/** What history may use until the user says otherwise. */
const DEFAULT_LIMIT_BYTES = 500_000_000;

export interface Loaded {
  catalogue: Catalogue;
  usage: Usage;
  settings: Settings;
  next: NextKeys & { journal: number };
}

/** Makes this worker the one that writes. Rejects when the database cannot be opened. */
export async function load(database: HistoryDatabase, keeper: string): Promise<Loaded> {
  await database.open();
  const { series, heads, journal, events, settings } = database;
  return database.transaction('rw', [series, heads, journal, events, settings], async () => {
    await settings.put(keeper, 'keeper');
    const [seriesRows, headRows, journalRows, eventCount, limitBytes, thinned] = await Promise.all([
      series.toArray(),
      heads.toArray(),
      journal.toArray(),
      events.count(),
      settings.get('limitBytes'),
      settings.get('thinned'),
    ]);
    const catalogue = new Catalogue();
    const usage = new Usage();
    usage.events = eventCount;
    usage.seriesRows = seriesRows.length;
    for (const row of seriesRows) catalogue.load(row);
    const next = { block: 1, page: 1, journal: 1 };

    const bySeries = new Map<Series, Head[]>();
    for (const { id, series: seriesId, bytes } of headRows) {
      next.page = Math.max(next.page, id + 1);
      usage.setPage(id, bytes.length);
      const owner = catalogue.byId(seriesId);
      if (owner) bySeries.set(owner, [...(bySeries.get(owner) ?? []), ...decodeHeads(bytes, id)]);
    }
    for (const [owner, own] of bySeries) {
      owner.heads = own.sort((a, b) => a.fromMs - b.fromMs);
      for (const head of own) {
        usage.addHead(head);
        next.block = Math.max(next.block, head.block + 1);
      }
    }
    for (const row of journalRows) {
      next.journal = Math.max(next.journal, row.seq + 1);
      usage.addJournal(row);
      for (let i = 0; i < row.series.length; i += 1) catalogue.byId(row.series[i]!)?.add(row.timeMs[i]!, row.value[i]!);
    }
    return {
      catalogue,
      usage,
      next,
      settings: {
        keeper,
        limitBytes: typeof limitBytes === 'number' ? limitBytes : DEFAULT_LIMIT_BYTES,
        thinned: typeof thinned === 'number' ? thinned : 0,
      },
    };
  });
}

/** For a worker whose browser stores nothing. */
export function nothingLoaded(keeper: string): Loaded {
  return {
    catalogue: new Catalogue(),
    usage: new Usage(),
    settings: { keeper, limitBytes: DEFAULT_LIMIT_BYTES, thinned: 0 },
    next: { block: 1, page: 1, journal: 1 },
  };
}
