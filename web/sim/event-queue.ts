/**
 * Events in the order (time, priority, sequence). Nearly all are due within seconds and are many, so they lie in
 * a wheel of buckets, each of a millisecond, and only the bucket at hand is kept in order; what is due later
 * waits in a heap. Putting in and taking out then cost the same for ten thousand nodes as for ten.
 * (A calendar queue: Brown 1988, Communications of the ACM 31(10), with buckets of a fixed width.)
 * Keys stand in arrays of their own: events are objects of many classes, scattered over memory.
 */

export abstract class KernelEvent {
  /** Called off: it stays in the queue until its time, without effect. */
  cancelled = false;

  /** May wait for a guest to reach its next pause; no other event runs meanwhile. */
  abstract run(): void | Promise<void>;
}

const BUCKET_US = 1024;
/** A power of two; together the buckets span four seconds, more than a sampling period by default. */
const BUCKETS = 4096;
const WORD_BITS = 32;

/** Priority and sequence in one number: exact for 2^44 events and priorities from -256 to 255. */
const PRIORITY_STEP = 2 ** 44;

class Bucket {
  readonly timesUs: number[] = [];
  readonly keys: number[] = [];
  readonly events: KernelEvent[] = [];
}

/** A binary heap; the first is the next. */
class Heap extends Bucket {
  push(timeUs: number, key: number, event: KernelEvent): void {
    const { timesUs, keys, events } = this;
    let hole = events.length;
    timesUs.push(timeUs);
    keys.push(key);
    events.push(event);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const parentUs = timesUs[parent];
      if (parentUs < timeUs || (parentUs === timeUs && keys[parent] < key)) break;
      timesUs[hole] = parentUs;
      keys[hole] = keys[parent];
      events[hole] = events[parent];
      hole = parent;
    }
    timesUs[hole] = timeUs;
    keys[hole] = key;
    events[hole] = event;
  }

  pop(): KernelEvent {
    const { timesUs, keys, events } = this;
    const top = events[0];
    const timeUs = timesUs.pop() as number;
    const key = keys.pop() as number;
    const event = events.pop() as KernelEvent;
    const { length } = events;
    if (length === 0) return top;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= length) break;
      const right = child + 1;
      if (right < length && (timesUs[right] < timesUs[child] || (timesUs[right] === timesUs[child] && keys[right] < keys[child]))) {
        child = right;
      }
      if (timesUs[child] > timeUs || (timesUs[child] === timeUs && keys[child] > key)) break;
      timesUs[hole] = timesUs[child];
      keys[hole] = keys[child];
      events[hole] = events[child];
      hole = child;
    }
    timesUs[hole] = timeUs;
    keys[hole] = key;
    events[hole] = event;
    return top;
  }
}

export class EventQueue {
  /** All events up to the end of bucket `#at`. */
  readonly #near = new Heap();
  readonly #wheel: Bucket[] = Array.from({ length: BUCKETS }, () => new Bucket());
  /** A bit for each bucket of the wheel that is not empty. */
  readonly #occupied = new Int32Array(BUCKETS / WORD_BITS);
  /** Events from bucket `#at + BUCKETS` on. */
  readonly #far = new Heap();
  #inWheel = 0;
  /** Number of the bucket at hand, counted from time 0. */
  #at = 0;
  #sequence = 0;

  push(timeUs: number, priority: number, event: KernelEvent): void {
    this.#put(timeUs, priority * PRIORITY_STEP + this.#sequence++, event);
  }

  /** Time of the next event that was not called off; `Infinity` when there is none. */
  nextUs(): number {
    const near = this.#near;
    for (;;) {
      if (near.events.length === 0 && !this.#advance()) return Infinity;
      if (!near.events[0].cancelled) return near.timesUs[0];
      near.pop();
    }
  }

  /** Takes out the next event; only after `nextUs` has shown that there is one. */
  pop(): KernelEvent {
    return this.#near.pop();
  }

  #put(timeUs: number, key: number, event: KernelEvent): void {
    const bucket = Math.floor(timeUs / BUCKET_US);
    if (bucket <= this.#at) this.#near.push(timeUs, key, event);
    else if (bucket >= this.#at + BUCKETS) this.#far.push(timeUs, key, event);
    else {
      const slot = bucket & (BUCKETS - 1);
      const { timesUs, keys, events } = this.#wheel[slot];
      if (events.length === 0) this.#occupied[slot >> 5] |= 1 << (slot & 31);
      timesUs.push(timeUs);
      keys.push(key);
      events.push(event);
      this.#inWheel += 1;
    }
  }

  /** Brings the next bucket with events to hand; false when there is none. */
  #advance(): boolean {
    const far = this.#far;
    if (this.#inWheel > 0) this.#at = this.#nextOccupied();
    else if (far.events.length > 0) this.#at = Math.floor(far.timesUs[0] / BUCKET_US);
    else return false;
    this.#toHand(this.#at & (BUCKETS - 1));
    while (far.events.length > 0 && far.timesUs[0] < (this.#at + BUCKETS) * BUCKET_US) {
      const [timeUs, key] = [far.timesUs[0], far.keys[0]];
      this.#put(timeUs, key, far.pop());
    }
    return true;
  }

  #toHand(slot: number): void {
    const { timesUs, keys, events } = this.#wheel[slot];
    const { length } = events;
    for (let i = 0; i < length; i += 1) this.#near.push(timesUs[i], keys[i], events[i]);
    this.#inWheel -= length;
    timesUs.length = 0;
    keys.length = 0;
    events.length = 0;
    this.#occupied[slot >> 5] &= ~(1 << (slot & 31));
  }

  /** Number of the first bucket after the one at hand that holds events; there is one. */
  #nextOccupied(): number {
    for (let bucket = this.#at + 1; ; bucket += WORD_BITS - (bucket & 31)) {
      const slot = bucket & (BUCKETS - 1);
      const later = this.#occupied[slot >> 5] & (-1 << (slot & 31));
      if (later !== 0) return bucket + (31 - Math.clz32(later & -later)) - (slot & 31);
    }
  }
}
