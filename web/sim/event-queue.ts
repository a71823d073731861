/**
 * Events in the order (time, priority, sequence). Nearly all are due within seconds and are many, so they lie in
 * a wheel of buckets, and only the bucket at hand is kept in order; what is due later waits in a heap. Putting in and taking out then cost the same for ten thousand nodes as for ten.
 * (A calendar queue: Brown 1988, Communications of the ACM 31(10), with buckets of a fixed width.)
 * Keys stand in typed arrays, by place: events are objects of many classes, scattered over memory.
 */

export abstract class KernelEvent {
  /** Called off: it stays in the queue until its time, without effect. */
  cancelled = false;

  /** May wait for a guest to reach its next pause; no other event runs meanwhile. */
  abstract run(): void | Promise<void>;
}

/** For some ten thousand nodes: together the buckets span four seconds, more than a sampling period by default. */
const BUCKET_US = 1024;
/** A power of two. */
const BUCKETS = 4096;
const WORD_BITS = 32;
const FIRST_PLACES = 1024;
const NONE = -1;

/** Priority and sequence in one number: exact for 2^44 events and priorities from -256 to 255. */
const PRIORITY_STEP = 17_592_186_044_416;

const nothing: KernelEvent = { cancelled: true, run: () => undefined };

/** What is known of the events in the queue, each at a place of its own. */
class Places {
  timesUs = new Float64Array(FIRST_PLACES);
  keys = new Float64Array(FIRST_PLACES);
  /** The next place of the same bucket, or the next free one. */
  next = new Int32Array(FIRST_PLACES);
  readonly events: KernelEvent[] = new Array<KernelEvent>(FIRST_PLACES).fill(nothing);
  #free = NONE;
  #used = 0;

  take(timeUs: number, key: number, event: KernelEvent): number {
    let place = this.#free;
    if (place !== NONE) this.#free = this.next[place];
    else {
      if (this.#used === this.events.length) this.#grow();
      place = this.#used++;
    }
    this.timesUs[place] = timeUs;
    this.keys[place] = key;
    this.events[place] = event;
    return place;
  }

  free(place: number): void {
    this.events[place] = nothing;
    this.next[place] = this.#free;
    this.#free = place;
  }

  #grow(): void {
    const size = this.events.length * 2;
    const grown = <T extends Float64Array | Int32Array>(into: T, from: T): T => {
      into.set(from);
      return into;
    };
    this.timesUs = grown(new Float64Array(size), this.timesUs);
    this.keys = grown(new Float64Array(size), this.keys);
    this.next = grown(new Int32Array(size), this.next);
    while (this.events.length < size) this.events.push(nothing);
  }
}

/** A binary heap of places; the first is the next. */
class Heap {
  readonly #places: Places;
  #heap = new Int32Array(FIRST_PLACES);
  length = 0;

  constructor(places: Places) {
    this.#places = places;
  }

  get first(): number {
    return this.#heap[0];
  }

  push(place: number): void {
    if (this.length === this.#heap.length) {
      const grown = new Int32Array(this.length * 2);
      grown.set(this.#heap);
      this.#heap = grown;
    }
    const heap = this.#heap;
    const { timesUs, keys } = this.#places;
    const timeUs = timesUs[place];
    const key = keys[place];
    let hole = this.length++;
    while (hole > 0) {
      const up = (hole - 1) >> 1;
      const parent = heap[up];
      if (timesUs[parent] < timeUs || (timesUs[parent] === timeUs && keys[parent] < key)) break;
      heap[hole] = parent;
      hole = up;
    }
    heap[hole] = place;
  }

  /** Takes the first out. */
  pop(): number {
    const heap = this.#heap;
    const { timesUs, keys } = this.#places;
    const top = heap[0];
    const length = --this.length;
    const last = heap[length];
    const timeUs = timesUs[last];
    const key = keys[last];
    let hole = 0;
    for (;;) {
      let down = 2 * hole + 1;
      if (down >= length) break;
      let child = heap[down];
      if (down + 1 < length) {
        const right = heap[down + 1];
        if (timesUs[right] < timesUs[child] || (timesUs[right] === timesUs[child] && keys[right] < keys[child])) {
          child = right;
          down += 1;
        }
      }
      if (timesUs[child] > timeUs || (timesUs[child] === timeUs && keys[child] > key)) break;
      heap[hole] = child;
      hole = down;
    }
    heap[hole] = last;
    return top;
  }
}

export class EventQueue {
  readonly #places = new Places();
  /** All events up to the end of bucket `#at`. */
  readonly #near = new Heap(this.#places);
  /** The first place of each bucket of the wheel; the others follow by `next`. */
  readonly #wheel = new Int32Array(BUCKETS).fill(NONE);
  /** A bit for each bucket of the wheel that is not empty. */
  readonly #occupied = new Int32Array(BUCKETS / WORD_BITS);
  /** Events from bucket `#at + BUCKETS` on. */
  readonly #far = new Heap(this.#places);
  #inWheel = 0;
  /** Number of the bucket at hand, counted from time 0. */
  #at = 0;
  #sequence = 0;
  readonly #bucketUs: number;

  /** @param bucketUs width of a bucket, a power of two: with some ten events in each the queue is at its quickest */
  constructor(bucketUs = BUCKET_US) {
    this.#bucketUs = bucketUs;
  }

  /** A place in the sequence, for an event that may be put in later. */
  reserve(): number {
    return (this.#sequence += 1);
  }

  /** @param sequence reserved, or the next */
  push(timeUs: number, priority: number, event: KernelEvent, sequence = this.reserve()): void {
    this.#put(this.#places.take(timeUs, priority * PRIORITY_STEP + sequence, event));
  }

  /** Time of the next event that was not called off; `Infinity` when there is none. */
  nextUs(): number {
    const near = this.#near;
    for (;;) {
      if (near.length === 0 && !this.#advance()) return Infinity;
      const place = near.first;
      if (!this.#places.events[place].cancelled) return this.#places.timesUs[place];
      this.#places.free(near.pop());
    }
  }

  /** Takes out the next event; only after `nextUs` has shown that there is one. */
  pop(): KernelEvent {
    const place = this.#near.pop();
    const event = this.#places.events[place];
    this.#places.free(place);
    return event;
  }

  #put(place: number): void {
    const bucket = Math.floor(this.#places.timesUs[place] / this.#bucketUs);
    if (bucket <= this.#at) this.#near.push(place);
    else if (bucket >= this.#at + BUCKETS) this.#far.push(place);
    else {
      const slot = bucket & (BUCKETS - 1);
      const first = this.#wheel[slot];
      if (first === NONE) this.#occupied[slot >> 5] |= 1 << (slot & 31);
      this.#places.next[place] = first;
      this.#wheel[slot] = place;
      this.#inWheel += 1;
    }
  }

  /** Brings the next bucket with events to hand; false when there is none. */
  #advance(): boolean {
    const far = this.#far;
    const { timesUs } = this.#places;
    if (this.#inWheel > 0) this.#at = this.#nextOccupied();
    else if (far.length > 0) this.#at = Math.floor(timesUs[far.first] / this.#bucketUs);
    else return false;
    this.#toHand(this.#at & (BUCKETS - 1));
    while (far.length > 0 && timesUs[far.first] < (this.#at + BUCKETS) * this.#bucketUs) this.#put(far.pop());
    return true;
  }

  #toHand(slot: number): void {
    const { next } = this.#places;
    for (let place = this.#wheel[slot]; place !== NONE; ) {
      const following = next[place];
      this.#near.push(place);
      this.#inWheel -= 1;
      place = following;
    }
    this.#wheel[slot] = NONE;
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
