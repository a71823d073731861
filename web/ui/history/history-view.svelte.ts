/** What the history view shows: the chosen lines, the window over them, and what was loaded for it. */
import type { Extent, HistoryPort, Quantity, SeriesInfo, StorageReport } from '../../history/history-port.ts';
import { quantities as allQuantities } from '../../history/history-port.ts';
import { countSamples } from './count-samples.ts';
import { byId, dense } from './dense-line.ts';
import type { DenseLine } from './dense-line.ts';
import { EventShelf } from './event-shelf.svelte.ts';
import { lineLooks, MOST_NODES } from './line-looks.ts';
import type { LineLook } from './line-looks.ts';
import { NewestWins } from './newest-wins.ts';
import { between, centred, latest, newest, panned, reachFor, serves, spanOf, zoomed } from './time-window.ts';
import type { Reach, TimeWindow } from './time-window.ts';
import { Transfer } from './transfer.svelte.ts';

const OVERVIEW_COLUMNS = 600;
const OVERVIEW_LINES = 4;
/** What it opens with at most. */
const FIRST_MS = { following: 3_600_000, still: 86_400_000 };
/** The list of nodes and its numbers are asked for again so many times less often than the extent. */
const SERIES_EVERY = 10;

interface Question {
  looks: readonly LineLook[];
  reach: Reach;
  /** Newest sample that was known when it was asked. */
  knownMs: number;
}

interface Picture extends Question {
  lines: DenseLine[];
}

export class HistoryViewStore {
  readonly #port: HistoryPort;
  readonly events: EventShelf;
  readonly transfer: Transfer;
  readonly #chart: NewestWins<Question, DenseLine[]>;
  readonly #strip: NewestWins<Question, DenseLine[]>;
  #opened = $state(false);
  #extent = $state.raw<Extent | null>(null);
  #series = $state.raw<SeriesInfo[]>([]);
  #nodes = $state.raw<readonly string[]>([]);
  #quantities = $state.raw<readonly Quantity[]>(['raw', 'percent']);
  #window = $state.raw<TimeWindow>({ fromMs: 0, toMs: 1 });
  #spanMs = $state(3_600_000);
  #following = $state(false);
  /** Until a span is chosen the window shows all there is, up to this; null afterwards. */
  #growsToMs: number | null = null;
  #picture = $state.raw<Picture | null>(null);
  #overview = $state.raw<Picture | null>(null);
  #storage = $state.raw<StorageReport | null>(null);
  #failure = $state<string | null>(null);
  #widthPx: number;
  #refreshes = 0;
  #refreshing = false;

  readonly #kept = $derived(byId(this.#series));
  readonly #looks = $derived(lineLooks(this.#nodes, this.#quantities, (id) => this.#kept.has(id)));
  readonly #lines = $derived(byId(this.#picture?.lines ?? []));

  /** @param widthPx about how many CSS pixels the chart will have */
  constructor(port: HistoryPort, widthPx = 1000) {
    this.#port = port;
    this.#widthPx = widthPx;
    this.events = new EventShelf(port);
    this.transfer = new Transfer(port);
    const ask = async ({ looks, reach }: Question): Promise<DenseLine[]> => {
      if (looks.length === 0) return [];
      const series = looks.map((look) => look.series);
      const lines = await port.envelope(series, reach.fromMs, reach.toMs, reach.columns);
      return lines.map((line) => dense(line, reach.columnMs));
    };
    const fail = (error: unknown): void => this.#fail(error);
    this.#chart = new NewestWins(
      ask,
      (lines, question) => {
        const first = this.#picture === null;
        this.#picture = { ...question, lines };
        this.#failure = null;
        // All else may wait for the chart, the chart for nothing.
        if (first) void this.#askRest();
        else if (this.#overview === null) this.#askStrip();
      },
      fail,
    );
    this.#strip = new NewestWins(ask, (lines, question) => (this.#overview = { ...question, lines }), fail);
  }

  /** Whether it is known what there is. */
  get opened(): boolean {
    return this.#opened;
  }

  /** Null when nothing is kept. */
  get extent(): Extent | null {
    return this.#extent;
  }

  get series(): readonly SeriesInfo[] {
    return this.#series;
  }

  get nodes(): readonly string[] {
    return this.#nodes;
  }

  get quantities(): readonly Quantity[] {
    return this.#quantities;
  }

  /** Quantities that any node has samples of. */
  readonly available = $derived(allQuantities.filter((quantity) => this.#series.some((info) => info.quantity === quantity)));

  get window(): TimeWindow {
    return this.#window;
  }

  /** The span that was chosen, `Infinity` for all. */
  get spanMs(): number {
    return this.#spanMs;
  }

  get following(): boolean {
    return this.#following;
  }

  /** Every chosen line of which anything is kept. */
  get looks(): readonly LineLook[] {
    return this.#looks;
  }

  /** Loaded lines by id; while the next are on their way these may end within the window. */
  get lines(): ReadonlyMap<string, DenseLine> {
    return this.#lines;
  }

  get overview(): readonly DenseLine[] {
    return this.#overview?.lines ?? [];
  }

  get overviewLooks(): readonly LineLook[] {
    return this.#overview?.looks ?? [];
  }

  /** Whether the first answer for the chart is in. */
  get loaded(): boolean {
    return this.#picture !== null;
  }

  get storage(): StorageReport | null {
    return this.#storage;
  }

  /** Why the last question had no answer, or null. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Samples of each loaded line within the window. Rejects when history does not answer. */
  countSamples(): Promise<ReadonlyMap<string, number>> {
    return countSamples(this.#port, this.#lines.values(), this.#window);
  }

  /** @param selected node to begin with; @param recording new samples are expected: they are followed */
  async open(selected: string | null, recording: boolean): Promise<void> {
    try {
      const [extent, series] = await Promise.all([this.#port.extent(), this.#port.series()]);
      this.#series = series;
      this.#extent = extent;
      this.#following = recording;
      this.#begin(selected);
      this.#opened = true;
      if (extent === null) this.#storage = await this.#port.storage();
    } catch (error) {
      this.#opened = true;
      this.#fail(error);
    }
  }

  #begin(selected: string | null): void {
    if (this.#extent === null) return;
    const has = selected !== null && this.#series.some(({ node }) => node === selected);
    const first = has ? selected : this.#series[0]?.node;
    this.#nodes = first === undefined ? [] : [first];
    const usual = this.available.filter((quantity) => quantity === 'raw' || quantity === 'percent');
    this.#quantities = usual.length > 0 ? usual : this.available.slice(0, 1);
    // Without a line there is nothing but events, and no chosen node that could have them.
    if (first === undefined) this.events.showEveryNode(true);
    this.#growsToMs = FIRST_MS[this.#following ? 'following' : 'still'];
    this.#toNewest();
    this.#askChart(true);
  }

  #toNewest(): void {
    const [extent, mostMs] = [this.#extent, this.#growsToMs];
    if (extent === null) return;
    this.#window = mostMs === null ? latest(extent, this.#spanMs) : newest(extent, mostMs);
    if (mostMs !== null) this.#spanMs = this.#window.fromMs === extent.fromMs ? Infinity : spanOf(this.#window);
  }

  async #askRest(): Promise<void> {
    this.#askStrip();
    this.#askEvents(true);
    await this.#attempt(async () => undefined);
  }

  /** Asks whether there is more by now; call it every second or so. */
  async refresh(selected: string | null): Promise<void> {
    if (!this.#opened || this.#refreshing || this.transfer.running) return;
    this.#refreshing = true;
    try {
      const before = this.#extent;
      this.#extent = await this.#port.extent();
      this.#refreshes += 1;
      const hadNone = (before?.samples ?? 0) === 0;
      if (hadNone || this.#refreshes % SERIES_EVERY === 0) await this.#recount();
      if (this.#extent === null) return;
      if (before === null || (hadNone && this.#extent.samples > 0)) return this.#begin(selected);
      if (this.#extent.toMs === before.toMs && this.#extent.samples === before.samples) return;
      if (this.#following) this.#toNewest();
      this.#askChart();
      this.#askEvents(true);
      if (this.#extent.toMs - (this.#overview?.knownMs ?? 0) > spanOf(this.#extent) * 0.02) this.#askStrip();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#refreshing = false;
    }
  }

  /** Everything anew: samples came or went by another way than recording. */
  async reload(selected: string | null): Promise<void> {
    try {
      const wasEmpty = this.#extent === null;
      this.#extent = await this.#port.extent();
      await this.#recount();
      this.#overview = null;
      if (this.#extent === null) this.#picture = null;
      else if (wasEmpty || this.#nodes.length === 0) this.#begin(selected);
      else {
        this.#window = zoomed(this.#window, 1, 0.5, this.#extent);
        this.#askChart(true);
      }
      this.#askEvents(true);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #recount(): Promise<void> {
    [this.#series, this.#storage] = await Promise.all([this.#port.series(), this.#port.storage()]);
  }

  /** CSS pixels that the chart has for its lines. */
  resize(widthPx: number): void {
    this.#widthPx = widthPx;
    if (this.#picture !== null) this.#askChart();
  }

  /** @returns false when there are as many nodes as a chart can tell apart */
  toggleNode(node: string): boolean {
    const chosen = this.#nodes.includes(node);
    if (!chosen && this.#nodes.length >= MOST_NODES) return false;
    this.#nodes = chosen ? this.#nodes.filter((each) => each !== node) : [...this.#nodes, node];
    this.#choiceChanged();
    return true;
  }

  clearNodes(): void {
    this.#nodes = [];
    this.#choiceChanged();
  }

  toggleQuantity(quantity: Quantity): void {
    // One order, or colours would depend on the order of pressing.
    this.#quantities = allQuantities.filter((each) => (each === quantity) !== this.#quantities.includes(each));
    this.#choiceChanged();
  }

  #choiceChanged(): void {
    this.#askChart(true);
    this.#askStrip();
    this.#askEvents(true);
  }

  pan(share: number): void {
    if (this.#extent !== null && share !== 0) this.#hold(panned(this.#window, share, this.#extent));
  }

  zoom(factor: number, share = 0.5): void {
    if (this.#extent === null) return;
    if (!this.#following) return this.#hold(zoomed(this.#window, factor, share, this.#extent));
    // The newest sample stays at the right, whatever is pointed at.
    this.#window = zoomed(this.#window, factor, 1, this.#extent);
    this.#spanMs = spanOf(this.#window);
    this.#growsToMs = null;
    this.#moved();
  }

  show(fromMs: number, toMs: number): void {
    if (this.#extent !== null) this.#hold(between(fromMs, toMs, this.#extent));
  }

  centre(timeMs: number): void {
    if (this.#extent !== null) this.#hold(centred(this.#window, timeMs, this.#extent));
  }

  toStart(): void {
    if (this.#extent !== null) this.centre(this.#extent.fromMs + spanOf(this.#window) / 2);
  }

  toEnd(): void {
    if (this.#extent !== null) this.centre(this.#extent.toMs - spanOf(this.#window) / 2);
  }

  /** Shows the newest `spanMs`; whether it moves on with new samples stays as it is. */
  showLast(spanMs: number): void {
    [this.#spanMs, this.#growsToMs] = [spanMs, null];
    this.#toNewest();
    this.#moved();
  }

  follow(following: boolean): void {
    this.#following = following;
    if (following) this.#toNewest();
    this.#moved();
  }

  #hold(window: TimeWindow): void {
    this.#window = window;
    this.#following = false;
    this.#growsToMs = null;
    this.#spanMs = spanOf(window);
    this.#moved();
  }

  #moved(): void {
    this.#askChart();
    this.#askEvents();
  }

  #askChart(anew = false): void {
    const extent = this.#extent;
    if (extent === null) return;
    const looks = this.#looks;
    const { reach, knownMs } = this.#picture ?? {};
    const grown = knownMs !== undefined && extent.toMs > knownMs && this.#window.toMs > knownMs;
    if (!anew && !grown && reach && serves(reach, this.#window, this.#widthPx, extent)) return;
    this.#chart.want({ looks, reach: reachFor(this.#window, this.#widthPx), knownMs: extent.toMs });
  }

  #askStrip(): void {
    const extent = this.#extent;
    if (extent === null) return;
    const { fromMs, toMs } = extent;
    const reach = { fromMs, toMs: Math.max(toMs, fromMs + 1), columns: OVERVIEW_COLUMNS, columnMs: (toMs - fromMs) / OVERVIEW_COLUMNS };
    // Latency and on-off have no place on the strip's one scale.
    const looks = this.#looks.filter(({ scale }) => scale === 'adc' || scale === 'percent').slice(0, OVERVIEW_LINES);
    this.#strip.want({ looks, reach, knownMs: toMs });
  }

  #askEvents(anew = false): void {
    if (this.#extent !== null) this.events.load(this.#nodes, this.#window, anew);
  }

  async setLimit(bytes: number): Promise<void> {
    await this.#attempt(() => this.#port.setLimit(bytes));
  }

  async clear(): Promise<void> {
    await this.#attempt(() => this.#port.clear());
    this.events.choose(null);
    await this.reload(null);
  }

  async recountStorage(): Promise<void> {
    await this.#attempt(() => this.#port.flush());
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#storage = await this.#port.storage();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What is on its way is no longer taken. */
  close(): void {
    this.#chart.stop();
    this.#strip.stop();
    this.events.close();
    this.transfer.cancel();
  }

  #fail(error: unknown): void {
    this.#failure = `History did not answer: ${error instanceof Error ? error.message : String(error)} Close this view and open it again; if that does not help, reload the page.`;
  }
}
