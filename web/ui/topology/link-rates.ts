/** How busy each node's link is, in few steps: what readers who want no motion see instead of motes. */
import { BROKER } from '../../sim/snapshot.ts';
import type { HopColumns } from '../../sim/snapshot.ts';

const windowMs = 1000;

export class LinkRates {
  /** 0 silent, then one step for each power of four of messages a second, at most 4. */
  readonly level: Uint8Array;
  readonly #counts: Uint32Array;
  #windowStartMs = -Infinity;

  constructor(nodes: number) {
    this.level = new Uint8Array(nodes);
    this.#counts = new Uint32Array(nodes);
  }

  /** Counts a frame's hops; true when a window ended and a level changed with it. */
  add(hops: HopColumns, nowMs: number): boolean {
    const scale = hops.kind.length > 0 ? 1 + hops.omitted / hops.kind.length : 1;
    for (let i = 0; i < hops.kind.length; i++) {
      const node = hops.from[i] === BROKER ? hops.to[i]! : hops.from[i]!;
      if (node >= 0 && node < this.#counts.length) this.#counts[node]! += scale;
    }
    if (nowMs - this.#windowStartMs < windowMs) return false;
    this.#windowStartMs = nowMs;
    let changed = false;
    for (let node = 0; node < this.level.length; node++) {
      const level = rateLevel(this.#counts[node]!);
      if (this.level[node] !== level) changed = true;
      this.level[node] = level;
      this.#counts[node] = 0;
    }
    return changed;
  }
}

/** The step for a number of messages a second. */
export function rateLevel(perSecond: number): number {
  return perSecond <= 0 ? 0 : Math.min(4, 1 + Math.floor(Math.log2(Math.max(1, perSecond)) / 2));
}
