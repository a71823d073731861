/** All series, by what they are and by id. */
import type { SeriesInfo, SeriesKey } from '../history-port.ts';
import type { SeriesRow } from './database.ts';
import { Series } from './series.ts';

export class Catalogue {
  readonly #byKey = new Map<string, Series>();
  readonly #byId = new Map<number, Series>();
  #nextId = 1;

  get all(): Series[] {
    return [...this.#byId.values()];
  }

  get size(): number {
    return this.#byId.size;
  }

  load({ id, node, quantity }: SeriesRow): Series {
    const series = new Series(id, node, quantity);
    series.stored = true;
    this.#add(series);
    return series;
  }

  byId(id: number): Series | undefined {
    return this.#byId.get(id);
  }

  find({ node, quantity }: SeriesKey): Series | undefined {
    return this.#byKey.get(`${quantity} ${node}`);
  }

  /** Makes the series when there is none. */
  get(key: SeriesKey): Series {
    const found = this.find(key);
    if (found) return found;
    const made = new Series(this.#nextId, key.node, key.quantity);
    this.#add(made);
    return made;
  }

  /** Those with samples, by node and quantity. */
  infos(): SeriesInfo[] {
    const infos = this.all.flatMap((series) => series.info() ?? []);
    return infos.sort((a, b) => order.compare(a.node, b.node) || order.compare(a.quantity, b.quantity));
  }

  #add(series: Series): void {
    this.#byKey.set(`${series.quantity} ${series.node}`, series);
    this.#byId.set(series.id, series);
    this.#nextId = Math.max(this.#nextId, series.id + 1);
  }
}

/** `edge-2` before `edge-10`. */
const order = new Intl.Collator('en', { numeric: true });
