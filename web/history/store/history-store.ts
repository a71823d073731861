/**
 * History as one worker keeps it, in the manner of a log-structured merge tree: what comes in is in memory and,
 * a quarter of a second later, in the journal; from time to time it moves into blocks and the journal's rows go.
 */
import type { HistoryEvent, Provenance, SeriesKey } from '../history-port.ts';
import { MOST_TIME_MS } from '../shape/samples.ts';
import { BlockReader } from './block-reader.ts';
import { BlockStore } from './block-store.ts';
import type { Catalogue } from './catalogue.ts';
import { HistoryDatabase, type ProvenanceRow } from './database.ts';
import { load, nothingLoaded, type Loaded } from './load.ts';
import { Pending } from './pending.ts';
import { ProvenanceBook } from './provenance-book.ts';
import { Queue } from './queue.ts';
import { eventTimes, readEvents } from './read-events.ts';
import type { Series } from './series.ts';
import { isFinal, isStorageFull, NotKeeperError, storageProblem } from './storage-problem.ts';

/** A tab that is closed or crashes loses no more than this. */
const JOURNAL_MS = 250;
const RETRY_MS = 5000;
/** Loose samples per series that make it worth while to rewrite each series' last block. */
const LOOSE_PER_SERIES = 2048;
const LEAST_LOOSE = 262_144;
/** 24 MB of columns. */
const MOST_LOOSE = 2_097_152;
/** Rows of the journal that are read at the next opening. */
const MOST_JOURNAL_ROWS = 1200;
/** Thinned a little beyond the limit, so as not to thin with every write. */
const SHRINK_TO = 0.9;
/** To what history shrinks where the disk is full, of what it takes. */
const ROOM_WHEN_FULL = 0.8;
const LEAST_LIMIT_BYTES = 1_000_000;

export class HistoryStore {
  readonly reader: BlockReader;
  readonly #database: HistoryDatabase;
  readonly #loaded: Loaded;
  readonly #blocks: BlockStore;
  readonly #provenance: ProvenanceBook;
  readonly #pending = new Pending();
  readonly #journalQueue = new Queue();
  readonly #blockQueue = new Queue();
  #scheduled = false;
  #loose: number;
  #compacting = false;
  #problem: string | null;
  /** Whether writing may be tried again. */
  #hopeless: boolean;
  #forgotten = 0;

  private constructor(database: HistoryDatabase, loaded: Loaded, provenance: ProvenanceRow[], problem: string | null) {
    this.#database = database;
    this.#loaded = loaded;
    this.#problem = problem;
    this.#hopeless = problem !== null;
    this.#provenance = new ProvenanceBook(provenance);
    this.#loose = loaded.catalogue.all.reduce((sum, { loose }) => sum + loose, 0);
    this.reader = new BlockReader(database);
    const { catalogue, usage, next } = loaded;
    this.#blocks = new BlockStore({ database, catalogue, usage, reader: this.reader, mayWrite: () => this.#mayWrite() }, next);
    database.on('versionchange', () => {
      database.close();
      this.#problem = storageProblem({ name: 'DatabaseClosedError' });
      this.#hopeless = true;
    });
    if (this.#loose > 0) this.#compactWhenDue();
  }

  /** Never rejects: where nothing can be stored, history is kept in memory and `problem` says why. */
  static async open(): Promise<HistoryStore> {
    const keeper = `${Date.now()} ${Math.random()}`;
    const database = new HistoryDatabase();
    try {
      const loaded = await load(database, keeper);
      return new HistoryStore(database, loaded, await database.provenance.toArray(), null);
    } catch (error) {
      return new HistoryStore(database, nothingLoaded(keeper), [], storageProblem(error));
    }
  }

  get catalogue(): Catalogue {
    return this.#loaded.catalogue;
  }

  get provenance(): ProvenanceBook {
    return this.#provenance;
  }

  get limitBytes(): number {
    return this.#loaded.settings.limitBytes;
  }

  get usedBytes(): number {
    return this.#loaded.usage.bytes;
  }

  get thinned(): number {
    return this.#loaded.settings.thinned;
  }

  get problem(): string | null {
    const lost = this.#forgotten > 0 ? ` ${this.#forgotten.toLocaleString('en')} older samples had to be forgotten.` : '';
    return this.#problem === null ? this.reader.problem : this.#problem + lost;
  }

  /** Whether so much is loose that an import should wait for `compact`. */
  get busy(): boolean {
    return this.#loose >= MOST_LOOSE;
  }

  /**
   * Takes samples in. Times are rounded to milliseconds; a value that is no number, or a time that is no date, is no
   * sample and left out.
   * @param of each sample's series, by index into `known`; samples of others are left out
   */
  addSamples(known: readonly (Series | null)[], of: Uint32Array, timeMs: Float64Array, value: Float32Array): void {
    const rows = Math.min(of.length, timeMs.length, value.length);
    const batch = { series: new Uint32Array(rows), timeMs: new Float64Array(rows), value: new Float32Array(rows) };
    let kept = 0;
    for (let i = 0; i < rows; i += 1) {
      const series = known[of[i]!];
      const time = Math.round(timeMs[i]!);
      if (!series || Number.isNaN(value[i]!) || !(Math.abs(time) <= MOST_TIME_MS)) continue;
      series.add(time, value[i]!);
      batch.series[kept] = series.id;
      batch.timeMs[kept] = time;
      batch.value[kept++] = value[i]!;
    }
    if (kept === 0) return;
    this.#loose += kept;
    this.#pending.addSamples({ series: batch.series.subarray(0, kept), timeMs: batch.timeMs.subarray(0, kept), value: batch.value.subarray(0, kept) });
    this.#schedule(JOURNAL_MS);
  }

  addEvents(events: readonly HistoryEvent[]): void {
    const dated = events
      .filter(({ timeMs }) => Math.abs(timeMs) <= MOST_TIME_MS)
      .map(({ timeMs, node, kind, text }) => ({ timeMs: Math.round(timeMs), node, kind, text }));
    if (dated.length === 0) return;
    this.#pending.addEvents(dated);
    this.#schedule(JOURNAL_MS);
  }

  /** @param sinceMs from when on it holds */
  addProvenance(sinceMs: number, provenance: Provenance): void {
    if (!this.#provenance.add(sinceMs, provenance)) return;
    this.#pending.addProvenance(sinceMs, provenance);
    this.#schedule(JOURNAL_MS);
  }

  find(key: SeriesKey): Series | undefined {
    return this.catalogue.find(key);
  }

  /** In order of time, both borders included; of more than `most` the latest. */
  async events(nodes: string[] | null, fromMs: number, toMs: number, most: number): Promise<{ events: HistoryEvent[]; leftOut: number }> {
    await this.flush();
    const unwritten = this.#pending.events.filter(
      ({ node, timeMs }) => timeMs >= fromMs && timeMs <= toMs && (nodes === null || nodes.includes(node)),
    );
    const stored = await readEvents(this.#database, nodes, fromMs, toMs, most).catch(() => ({ events: [], all: 0 }));
    const events = [...stored.events, ...unwritten].sort((a, b) => a.timeMs - b.timeMs);
    const shown = events.slice(Math.max(0, events.length - most));
    return { events: shown, leftOut: stored.all + unwritten.length - shown.length };
  }

  /** From the first event to the last, null for none. */
  async eventSpan(): Promise<{ fromMs: number; toMs: number } | null> {
    const stored = await eventTimes(this.#database).catch(() => []);
    const timesMs = [...stored, ...this.#pending.events.map(({ timeMs }) => timeMs)];
    const fromMs = timesMs.reduce((least, each) => Math.min(least, each), Infinity);
    const toMs = timesMs.reduce((most, each) => Math.max(most, each), -Infinity);
    return timesMs.length > 0 ? { fromMs, toMs } : null;
  }

  /** Writes what came in to the journal. Never rejects: `problem` says what failed. */
  flush(): Promise<void> {
    return this.#journalQueue.run(() => this.#writeJournal());
  }

  /** Writes all there is into blocks, and thins when there is too much. Never rejects. */
  async compact(): Promise<void> {
    await this.flush();
    await this.#blockQueue.run(() => this.#compact());
  }

  async setLimit(bytes: number): Promise<void> {
    if (!Number.isFinite(bytes)) return;
    this.#loaded.settings.limitBytes = Math.max(LEAST_LIMIT_BYTES, Math.round(bytes));
    await this.#tryTo(() => this.#database.settings.put(this.limitBytes, 'limitBytes'));
    await this.#blockQueue.run(() => this.#keepLimit());
  }

  /** Forgets everything but the limit. */
  async clear(): Promise<void> {
    await this.#journalQueue.run(() =>
      this.#blockQueue.run(async () => {
        const { series, journal, blocks, fine, heads, events, provenance, settings } = this.#database;
        const cleared = [series, journal, blocks, fine, heads, events, provenance];
        const written = await this.#tryTo(() =>
          this.#database.transaction('rw', [...cleared, settings], async () => {
            await this.#mayWrite();
            await Promise.all(cleared.map((table) => table.clear()));
            await settings.put(0, 'thinned');
          }),
        );
        if (!written && !this.#hopeless) return;
        for (const each of this.catalogue.all) each.clear();
        this.#pending.clear();
        this.#provenance.clear();
        this.#loaded.usage.clear();
        this.reader.clear();
        this.#loaded.settings.thinned = 0;
        this.#loose = 0;
        this.#forgotten = 0;
      }),
    );
  }

  #schedule(afterMs: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      void this.flush();
    }, afterMs);
  }

  async #writeJournal(): Promise<void> {
    if (this.#problem !== null) {
      await this.#recover();
      return;
    }
    if (this.#pending.empty) return;
    const { row, events, provenance } = this.#pending.take(this.#loaded.next.journal++);
    const write = (): Promise<void> => this.#journal(row, events, provenance);
    if (!(await this.#tryTo(write, () => this.#blockQueue.run(() => this.#makeRoom())))) {
      this.#pending.giveBack(events, provenance);
      return;
    }
    if (row) this.#loaded.usage.addJournal(row);
    this.#loaded.usage.events += events.length;
    this.#compactWhenDue();
  }

  async #journal(row: Parameters<Loaded['usage']['addJournal']>[0] | null, events: HistoryEvent[], provenance: ProvenanceRow[]): Promise<void> {
    const tables = this.#database;
    const unsaved = row ? this.catalogue.all.filter(({ stored }) => !stored) : [];
    await tables.transaction('rw', [tables.series, tables.journal, tables.events, tables.provenance, tables.settings], async () => {
      await this.#mayWrite();
      await tables.series.bulkPut(unsaved.map(({ id, node, quantity }) => ({ id, node, quantity })));
      if (row) await tables.journal.put(row);
      await tables.events.bulkPut(events);
      await tables.provenance.bulkPut(provenance);
    });
    for (const series of unsaved) if (!series.stored) {
      series.stored = true;
      this.#loaded.usage.seriesRows += 1;
    }
  }

  /** While nothing can be written all stays in memory, as much as there is room for; blocks are what brings it to disk. */
  async #recover(): Promise<void> {
    this.#pending.dropSamples();
    if (this.#hopeless || !(await this.#blockQueue.run(() => this.#compact()))) {
      if (this.#loose > MOST_LOOSE) await this.#blockQueue.run(() => this.#shed());
      this.#schedule(RETRY_MS);
      return;
    }
    this.#problem = null;
    this.#schedule(JOURNAL_MS);
  }

  #compactWhenDue(): void {
    const { usage, catalogue } = this.#loaded;
    const enough = Math.min(MOST_LOOSE, Math.max(LEAST_LOOSE, LOOSE_PER_SERIES * catalogue.size));
    const due = this.#loose >= enough || usage.journalRows.length >= MOST_JOURNAL_ROWS || usage.bytes > this.limitBytes;
    if (!due || this.#compacting) return;
    this.#compacting = true;
    void this.#blockQueue.run(() => this.#compact()).finally(() => (this.#compacting = false));
  }

  /** @returns whether all that was loose is in blocks now */
  async #compact(): Promise<boolean> {
    // Rows up to here hold nothing that is not in memory, too.
    const rows = this.#loaded.usage.journalRows;
    const moved = await this.#tryTo(
      async () => {
        await this.#blocks.compact();
        await this.#database.transaction('rw', [this.#database.journal, this.#database.settings], async () => {
          await this.#mayWrite();
          await this.#database.journal.bulkDelete(rows);
        });
      },
      () => this.#makeRoom(),
    );
    this.#loose = this.catalogue.all.reduce((sum, { loose }) => sum + loose, 0);
    if (!moved) return false;
    this.#loaded.usage.removeJournal(rows);
    await this.#keepLimit();
    return true;
  }

  async #keepLimit(): Promise<void> {
    // The journal may be larger than the limit for a moment: thinning makes it no smaller, and would not end before all is gone.
    if (this.#loaded.usage.lastingBytes > this.limitBytes) await this.#tryTo(() => this.#shrink(this.limitBytes * SHRINK_TO, this.limitBytes));
  }

  async #shrink(targetBytes: number, limitBytes: number): Promise<void> {
    const { thinned, droppedBeforeMs } = await this.#blocks.shrink(targetBytes, limitBytes);
    const { settings, events } = this.#database;
    this.#loaded.settings.thinned += thinned;
    await settings.put(this.thinned, 'thinned');
    if (droppedBeforeMs === null) return;
    await events.where(':id').below([droppedBeforeMs]).delete();
    this.#loaded.usage.events = await events.count();
  }

  #makeRoom(): Promise<void> {
    const { bytes, lastingBytes } = this.#loaded.usage;
    return this.#shrink(lastingBytes - bytes * (1 - ROOM_WHEN_FULL), bytes);
  }

  /**
   * @param makeRoom when the disk is full, before the second try
   * @returns whether it was written
   */
  async #tryTo(write: () => Promise<unknown>, makeRoom?: () => Promise<void>): Promise<boolean> {
    if (this.#hopeless) return false;
    try {
      await write().catch(async (error: unknown) => {
        if (!makeRoom || !isStorageFull(error)) throw error;
        await makeRoom();
        await write();
      });
      return true;
    } catch (error) {
      this.#problem = storageProblem(error);
      this.#hopeless = isFinal(error);
      this.#schedule(RETRY_MS);
      return false;
    }
  }

  #shed(): Promise<void> {
    for (const series of this.catalogue.all) this.#forgotten += series.shed();
    this.#loose = this.catalogue.all.reduce((sum, { loose }) => sum + loose, 0);
    return Promise.resolve();
  }

  async #mayWrite(): Promise<void> {
    if ((await this.#database.settings.get('keeper')) !== this.#loaded.settings.keeper) throw new NotKeeperError();
  }
}
