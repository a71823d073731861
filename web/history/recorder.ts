/** Takes in what one sender, the simulation's worker of a page, has to say to history. */
import { checkNodeId } from '../protocol/topics.ts';
import { quantities, type ToHistory } from './history-port.ts';
import type { HistoryStore } from './store/history-store.ts';
import type { Series } from './store/series.ts';

export class Recorder {
  readonly #store: HistoryStore;
  /** As declared; null for what cannot be a series. */
  readonly #series: (Series | null)[] = [];

  constructor(store: HistoryStore) {
    this.#store = store;
  }

  /** Never throws: what is not understood is left out. */
  take(message: ToHistory): void {
    switch (message.kind) {
      case 'declare':
        for (const { node, quantity } of message.series) {
          const valid = checkNodeId(node) === null && quantities.includes(quantity);
          this.#series.push(valid ? this.#store.catalogue.get({ node, quantity }) : null);
        }
        return;
      case 'samples':
        this.#store.addSamples(this.#series, message.series, message.timeMs, message.value);
        return;
      case 'events':
        this.#store.addEvents(message.events);
        return;
      case 'provenance':
        this.#store.addProvenance(Date.now(), message.of);
    }
  }
}
