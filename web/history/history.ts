/** History of the worker that keeps it, as the page sees it. */
import { collectBlob } from './files/collect-blob.ts';
import { csvPieces } from './files/csv-writer.ts';
import type { ExportSource } from './files/export-source.ts';
import { importFile } from './files/import-file.ts';
import { jsonPieces } from './files/json-writer.ts';
import type { EnvelopeLine, Extent, HistoryPort, ImportAnswer, Progress, Selection, SeriesInfo, SeriesKey, StorageReport } from './history-port.ts';
import { envelopeLines } from './store/envelope-query.ts';
import type { HistoryStore } from './store/history-store.ts';
import { readSeries } from './store/read-series.ts';

export class History implements HistoryPort {
  readonly #store: HistoryStore;
  readonly #running = new Map<string, AbortController>();

  constructor(store: HistoryStore) {
    this.#store = store;
  }

  async extent(): Promise<Extent | null> {
    const infos = this.#store.catalogue.infos();
    if (infos.length === 0) {
      const span = await this.#store.eventSpan();
      return span && { ...span, samples: 0 };
    }
    return {
      fromMs: infos.reduce((least, { fromMs }) => Math.min(least, fromMs), Infinity),
      toMs: infos.reduce((most, { toMs }) => Math.max(most, toMs), -Infinity),
      samples: infos.reduce((sum, { samples }) => sum + samples, 0),
    };
  }

  series(): Promise<SeriesInfo[]> {
    return Promise.resolve(this.#store.catalogue.infos());
  }

  async envelope(series: SeriesKey[], fromMs: number, toMs: number, columns: number): Promise<EnvelopeLine[]> {
    const known = series.flatMap((key) => this.#store.find(key) ?? []);
    const lines = await envelopeLines(known, { fromMs, toMs: Math.max(fromMs, toMs), columns }, this.#store.reader);
    const byKey = new Map(lines.map((line) => [`${line.series.quantity} ${line.series.node}`, line]));
    return series.map((key) => byKey.get(`${key.quantity} ${key.node}`) ?? emptyLine(key));
  }

  events(nodes: string[] | null, fromMs: number, toMs: number, most: number) {
    return this.#store.events(nodes, fromMs, toMs, most);
  }

  async export(format: 'csv' | 'json', selection: Selection, token: string, onProgress: (progress: Progress) => void): Promise<Blob> {
    const source = await this.#source(selection);
    const [pieces, type] = format === 'csv' ? [csvPieces(source), 'text/csv'] : [jsonPieces(source), 'application/json'];
    // Blocks at the borders count whole here: it is for the progress only.
    const total = this.#selected(selection).reduce((sum, info) => sum + info.samples, 0);
    return this.#cancellable(token, (signal) => collectBlob(pieces, `${type};charset=utf-8`, total, onProgress, signal));
  }

  import(file: File, token: string, onProgress: (progress: Progress) => void): Promise<ImportAnswer> {
    const store = this.#store;
    const target = {
      addSamples: (key: SeriesKey, timeMs: Float64Array, value: Float32Array) =>
        store.addSamples([store.catalogue.get(key)], new Uint32Array(timeMs.length), timeMs, value),
      addEvents: store.addEvents.bind(store),
      addProvenance: store.addProvenance.bind(store),
      room: () => (store.busy ? store.compact() : store.flush()),
    };
    return this.#cancellable(token, async (signal) => {
      const answer = await importFile(file, target, onProgress, signal);
      await store.flush();
      return answer;
    });
  }

  cancel(token: string): Promise<void> {
    this.#running.get(token)?.abort(Object.assign(new Error('It was stopped.'), { name: 'AbortError' }));
    return Promise.resolve();
  }

  async storage(): Promise<StorageReport> {
    const { storage } = navigator as Partial<Navigator>;
    const unknown = { usage: undefined, quota: undefined };
    const estimate = (await storage?.estimate().catch(() => unknown)) ?? unknown;
    return {
      limitBytes: this.#store.limitBytes,
      usedBytes: this.#store.usedBytes,
      browserUsedBytes: estimate.usage ?? null,
      browserQuotaBytes: estimate.quota ?? null,
      persistent: (await storage?.persisted().catch(() => false)) ?? false,
      samples: (await this.extent())?.samples ?? 0,
      thinned: this.#store.thinned,
      problem: this.#store.problem,
    };
  }

  setLimit(bytes: number): Promise<void> {
    return this.#store.setLimit(bytes);
  }

  flush(): Promise<void> {
    return this.#store.flush();
  }

  compact(): Promise<void> {
    return this.#store.compact();
  }

  clear(): Promise<void> {
    return this.#store.clear();
  }

  async #cancellable<T>(token: string, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#running.set(token, controller);
    try {
      return await task(controller.signal);
    } finally {
      if (this.#running.get(token) === controller) this.#running.delete(token);
    }
  }

  #selected({ nodes, quantities, fromMs, toMs }: Selection): SeriesInfo[] {
    return this.#store.catalogue
      .infos()
      .filter((info) => (nodes === null || nodes.includes(info.node)) && (quantities === null || quantities.includes(info.quantity)))
      .filter((info) => info.toMs >= (fromMs ?? -Infinity) && info.fromMs <= (toMs ?? Infinity));
  }

  async #source(selection: Selection): Promise<ExportSource> {
    const [fromMs, toMs] = [selection.fromMs ?? -Infinity, selection.toMs ?? Infinity];
    const infos = this.#selected(selection);
    const { events } = await this.#store.events(selection.nodes, fromMs, toMs, Infinity);
    const nodes = new Set([...infos.map(({ node }) => node), ...events.map(({ node }) => node)]);
    return {
      selection,
      exportedAtMs: Date.now(),
      provenance: [...nodes].flatMap((node) => this.#store.provenance.of(node)),
      events,
      series: infos.map(({ node, quantity }) => ({
        key: { node, quantity },
        samples: () => readSeries(this.#store.catalogue.get({ node, quantity }), fromMs, toMs, this.#store.reader),
      })),
    };
  }
}

function emptyLine(series: SeriesKey): EnvelopeLine {
  return { series, timeMs: new Float64Array(0), min: new Float32Array(0), max: new Float32Array(0), exact: true, samples: 0 };
}
