/**
 * The discrete-event kernel: a clock in integer microseconds and a queue of events with the
 * key (time, priority, sequence), so that ties run first-in first-out and a run can be repeated.
 */

/** An event's action may wait for a guest to reach its next pause; no other event runs meanwhile. */
export type Action = () => void | Promise<void>;

export interface Scheduled {
  readonly timeUs: number;
  readonly priority: number;
  readonly sequence: number;
  action: Action | null;
}

export class Kernel {
  readonly #heap: Scheduled[] = [];
  #nowUs = 0;
  #sequence = 0;
  #executed = 0;

  get nowUs(): number {
    return this.#nowUs;
  }

  /** Events executed since the beginning. */
  get executed(): number {
    return this.#executed;
  }

  /**
   * @param timeUs absolute, a whole number not before now
   * @param priority lower runs first among events of one time
   */
  at(timeUs: number, action: Action, priority = 0): Scheduled {
    if (!Number.isInteger(timeUs) || timeUs < this.#nowUs) {
      throw new RangeError(`An event at ${timeUs} us cannot be scheduled at ${this.#nowUs} us.`);
    }
    const event: Scheduled = { timeUs, priority, sequence: this.#sequence++, action };
    this.#push(event);
    return event;
  }

  after(delayUs: number, action: Action, priority = 0): Scheduled {
    return this.at(this.#nowUs + delayUs, action, priority);
  }

  /** Cancelled events stay in the queue until their time, without effect. */
  cancel(event: Scheduled): void {
    event.action = null;
  }

  /** Time of the next event that will run, or null when nothing is left to happen. */
  nextUs(): number | null {
    while (this.#heap.length > 0 && this.#heap[0].action === null) this.#pop();
    return this.#heap.length > 0 ? this.#heap[0].timeUs : null;
  }

  /** Runs one event; returns false when there is none. */
  async step(): Promise<boolean> {
    if (this.nextUs() === null) return false;
    const running = this.#runNext();
    if (running) await running;
    return true;
  }

  /**
   * Runs all events up to and at `untilUs`, then sets the clock there; `Infinity` leaves it at the last event.
   * @param untilUs whole microseconds, or `Infinity`
   * @param shouldYield asked after each event; true ends the run early
   * @returns whether `untilUs` was reached
   */
  async runUntil(untilUs: number, shouldYield: () => boolean = () => false): Promise<boolean> {
    for (;;) {
      const next = this.nextUs();
      if (next === null || next > untilUs) break;
      const running = this.#runNext();
      if (running) await running;
      // Any event may run a guest for a whole instruction budget, some ten milliseconds.
      if (shouldYield()) return false;
    }
    if (untilUs !== Infinity) this.#nowUs = Math.max(this.#nowUs, untilUs);
    return true;
  }

  #runNext(): void | Promise<void> {
    const event = this.#pop();
    this.#nowUs = event.timeUs;
    this.#executed += 1;
    return event.action?.();
  }

  #push(event: Scheduled): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(event);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!before(event, heap[parent])) break;
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = event;
  }

  #pop(): Scheduled {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop() as Scheduled;
    if (heap.length === 0) return top;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child += 1;
      if (!before(heap[child], last)) break;
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = last;
    return top;
  }
}

function before(a: Scheduled, b: Scheduled): boolean {
  if (a.timeUs !== b.timeUs) return a.timeUs < b.timeUs;
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.sequence < b.sequence;
}
