/**
 * Messages on the move. A mote takes the same time whatever the simulation's speed, so that 1000x looks
 * dense rather than frantic. Everything lives in preallocated columns: no garbage at thousands a second.
 */
import { hopKinds } from '../../sim/snapshot.ts';
import type { HopColumns } from '../../sim/snapshot.ts';

export const travelMs = 600;
const lostKind = hopKinds.indexOf('lost');
const longestSpreadMs = 120;
// A burst and the steady rate over a mote's whole life (travel and spread) fit the capacity together:
// 1/4 + 0.6 * 720/600 < 1. A pool that fills up would let messages through in waves.
const burstShare = 1 / 4;
const steadyShare = 0.6;

export class Motes {
  readonly capacity: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly kind: Uint8Array;
  readonly startMs: Float64Array;
  count = 0;
  #allowance: number;
  #lastMs = -Infinity;

  constructor(capacity = 400) {
    this.capacity = capacity;
    this.from = new Int32Array(capacity);
    this.to = new Int32Array(capacity);
    this.kind = new Uint8Array(capacity);
    this.startMs = new Float64Array(capacity);
    this.#allowance = capacity * burstShare;
  }

  /**
   * Takes in a frame's hops. When there are more than the pool lets through, a sample spread over
   * the frame is taken, lost messages first.
   */
  add(hops: HopColumns, nowMs: number): void {
    const sinceMs = Math.min(travelMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    const earned = (sinceMs * this.capacity * steadyShare) / travelMs;
    this.#allowance = Math.min(this.capacity * burstShare, this.#allowance + earned);
    const room = Math.min(this.capacity - this.count, Math.floor(this.#allowance));
    const total = hops.kind.length;
    const spreadMs = Math.min(longestSpreadMs, sinceMs);
    if (total <= room) {
      for (let i = 0; i < total; i++) this.#take(hops, i, nowMs + (spreadMs * i) / total);
      return;
    }
    let free = room;
    let most = Math.ceil(room / 4);
    for (let i = 0; i < total && most > 0; i++) {
      if (hops.kind[i] !== lostKind) continue;
      this.#take(hops, i, nowMs + (spreadMs * i) / total);
      free--;
      most--;
    }
    for (let k = 0; k < free; k++) {
      const i = Math.floor(((k + 0.5) * total) / free);
      if (hops.kind[i] !== lostKind) this.#take(hops, i, nowMs + (spreadMs * i) / total);
    }
  }

  #take(hops: HopColumns, i: number, startMs: number): void {
    const slot = this.count++;
    this.#allowance--;
    this.from[slot] = hops.from[i]!;
    this.to[slot] = hops.to[i]!;
    this.kind[slot] = hops.kind[i]!;
    this.startMs[slot] = startMs;
  }

  /** Drops the motes that have arrived (a lost one: faded). */
  sweep(nowMs: number): void {
    for (let i = this.count - 1; i >= 0; i--) {
      if (nowMs - this.startMs[i]! < travelMs) continue;
      const last = --this.count;
      this.from[i] = this.from[last]!;
      this.to[i] = this.to[last]!;
      this.kind[i] = this.kind[last]!;
      this.startMs[i] = this.startMs[last]!;
    }
  }

  clear(): void {
    this.count = 0;
    this.#allowance = this.capacity * burstShare;
  }
}
