/** The events that are listed and marked: all there are while they are few, else those around the window. */
import type { EventKind, HistoryEvent, HistoryPort } from '../../history/history-port.ts';
import { eventKinds } from '../../history/history-port.ts';
import { NewestWins } from './newest-wins.ts';
import { spanOf } from './time-window.ts';
import type { TimeWindow } from './time-window.ts';

const MOST = 2000;
/** Events may lie before the first sample and after the last. */
const EVER = { fromMs: 0, toMs: 8.64e15 };

interface Question extends TimeWindow {
  nodes: string[] | null;
}

interface Loaded extends Question {
  all: HistoryEvent[];
  leftOut: number;
}

const keyOf = ({ timeMs, node, kind, text }: HistoryEvent): string => `${timeMs} ${node} ${kind} ${text}`;

export class EventShelf {
  readonly #queries: NewestWins<Question, { events: HistoryEvent[]; leftOut: number }>;
  #loaded = $state.raw<Loaded | null>(null);
  #kinds = $state.raw<readonly EventKind[]>(eventKinds);
  #everyNode = $state(false);
  #chosen = $state.raw<HistoryEvent | null>(null);
  /** There are too many to hold them all. */
  #byWindow = false;
  #last: { nodes: readonly string[]; window: TimeWindow } | null = null;

  /** Of the kinds that are shown, in order of time. */
  readonly list = $derived((this.#loaded?.all ?? []).filter(({ kind }) => this.#kinds.includes(kind)));
  readonly timesMs = $derived(Float64Array.from(this.list, ({ timeMs }) => timeMs));
  /** How many of each kind there are, shown or not. */
  readonly counts = $derived.by(() => {
    const counts = Object.fromEntries(eventKinds.map((kind) => [kind, 0])) as Record<EventKind, number>;
    for (const { kind } of this.#loaded?.all ?? []) counts[kind] += 1;
    return counts;
  });

  constructor(port: Pick<HistoryPort, 'events'>) {
    this.#queries = new NewestWins(
      ({ nodes, fromMs, toMs }: Question) => port.events(nodes, fromMs, toMs, MOST),
      ({ events, leftOut }, question) => this.#take(events, leftOut, question),
      // The chart says when history does not answer; its events alone are no news.
      () => undefined,
    );
  }

  get kinds(): readonly EventKind[] {
    return this.#kinds;
  }

  /** Whether events of nodes that are not charted are listed as well. */
  get everyNode(): boolean {
    return this.#everyNode;
  }

  get chosen(): HistoryEvent | null {
    return this.#chosen;
  }

  /** Place of the chosen event in the list, -1 for none. */
  readonly chosenAt = $derived.by(() => {
    if (this.#chosen === null) return -1;
    const key = keyOf(this.#chosen);
    return this.list.findIndex((event) => event.timeMs === this.#chosen?.timeMs && keyOf(event) === key);
  });

  /** Events that exist and are not in the list, because there are too many around the window. */
  get leftOut(): number {
    return this.#loaded?.leftOut ?? 0;
  }

  choose(event: HistoryEvent | null): void {
    this.#chosen = event;
  }

  toggleKind(kind: EventKind): void {
    this.#kinds = eventKinds.filter((each) => (each === kind) !== this.#kinds.includes(each));
  }

  showEveryNode(every: boolean): void {
    this.#everyNode = every;
    if (this.#last !== null) this.load(this.#last.nodes, this.#last.window, true);
  }

  /** @param anew other nodes were chosen, or there may be new events */
  load(nodes: readonly string[], window: TimeWindow, anew: boolean): void {
    this.#last = { nodes, window };
    const asked = this.#everyNode ? null : [...nodes];
    if (anew && !same(asked, this.#loaded?.nodes)) this.#byWindow = false;
    if (!this.#byWindow) {
      if (anew || this.#loaded === null) this.#queries.want({ nodes: asked, ...EVER });
      return;
    }
    const spareMs = spanOf(window) / 2;
    const inside = this.#loaded !== null && this.#loaded.fromMs <= window.fromMs && this.#loaded.toMs >= window.toMs;
    const closer = this.#loaded !== null && this.#loaded.leftOut > 0 && spanOf(this.#loaded) > spanOf(window) * 3;
    if (anew || !inside || closer) this.#queries.want({ nodes: asked, fromMs: window.fromMs - spareMs, toMs: window.toMs + spareMs });
  }

  #take(events: HistoryEvent[], leftOut: number, question: Question): void {
    this.#loaded = { ...question, all: events, leftOut };
    if (leftOut === 0 || this.#byWindow || this.#last === null) return;
    this.#byWindow = true;
    this.load(this.#last.nodes, this.#last.window, true);
  }

  close(): void {
    this.#queries.stop();
  }
}

function same(a: readonly string[] | null, b: readonly string[] | null | undefined): boolean {
  if (a === null || b === null || b === undefined) return a === b;
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
