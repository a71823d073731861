/** How far nodes are with new guests, as they report it. */
import { isFinal, type GuestState } from '../protocol/control-payloads.ts';
import type { UpdateDetail } from './bridge-snapshot.ts';

interface Update extends Omit<UpdateDetail, 'sinceS'> {
  sentUs: number;
}

export class Updates {
  readonly #byNode = new Map<number, Update>();
  readonly #nowUs: () => number;

  constructor(nowUs: () => number) {
    this.#nowUs = nowUs;
  }

  /** A module has gone out to a node. */
  sent(index: number, name: string, sha256: string): void {
    this.#byNode.set(index, { phase: 'sent', name, sha256, progress: 0, reason: null, sentUs: this.#nowUs() });
  }

  heard(index: number, state: GuestState): void {
    const before = this.#byNode.get(index);
    const sentUs = before && !isFinal(before.phase) ? before.sentUs : this.#nowUs();
    this.#byNode.set(index, { ...state, name: state.name || (before?.name ?? ''), sentUs });
  }

  /** Nodes of this index and above are gone. */
  forgetFrom(index: number): void {
    for (const at of this.#byNode.keys()) if (at >= index) this.#byNode.delete(at);
  }

  of(index: number): UpdateDetail | null {
    const update = this.#byNode.get(index);
    if (!update) return null;
    const { sentUs, ...rest } = update;
    return { ...rest, sinceS: (this.#nowUs() - sentUs) / 1e6 };
  }
}
