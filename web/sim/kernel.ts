/**
 * The discrete-event kernel: a clock in integer microseconds and a queue of events with the
 * key (time, priority, sequence), so that ties run first-in first-out and a run can be repeated.
 */
import { EventQueue, KernelEvent } from './event-queue.ts';

export { KernelEvent } from './event-queue.ts';

/** An event's action may wait for a guest to reach its next pause; no other event runs meanwhile. */
export type Action = () => void | Promise<void>;

/** Reading the wall clock costs as much as a small event, so not each one is followed by a look. */
const EVENTS_BETWEEN_LOOKS = 32;
/** A guest's slice may take some ten milliseconds, so it counts for more. */
const SLICE_COUNTS = 4;

class ActionEvent extends KernelEvent {
  readonly #action: Action;

  constructor(action: Action) {
    super();
    this.#action = action;
  }

  override run(): void | Promise<void> {
    return this.#action();
  }
}

export class Kernel {
  readonly #queue: EventQueue;
  #nowUs = 0;
  #executed = 0;

  /** @param bucketUs see `EventQueue` */
  constructor(bucketUs?: number) {
    this.#queue = new EventQueue(bucketUs);
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  /** Events executed since the beginning. */
  get executed(): number {
    return this.#executed;
  }

  /**
   * @param timeUs absolute, a whole number not before now
   * @param event not in the queue already
   * @param priority lower runs first among events of one time; from -256 to 255
   */
  schedule(timeUs: number, event: KernelEvent, priority = 0): void {
    this.#check(timeUs);
    this.#queue.push(timeUs, priority, event);
  }

  /** For `scheduleReserved`: an event that most often turns out not to be needed then costs nothing. */
  reserve(): number {
    return this.#queue.reserve();
  }

  /**
   * `schedule` as if it had been called when the place was reserved.
   * @param timeUs after now
   */
  scheduleReserved(reserved: number, timeUs: number, event: KernelEvent): void {
    this.#check(timeUs);
    this.#queue.push(timeUs, 0, event, reserved);
  }

  /** `schedule` for an action; the event is returned so that it can be called off. */
  at(timeUs: number, action: Action, priority = 0): KernelEvent {
    const event = new ActionEvent(action);
    this.schedule(timeUs, event, priority);
    return event;
  }

  after(delayUs: number, action: Action, priority = 0): KernelEvent {
    return this.at(this.#nowUs + delayUs, action, priority);
  }

  /** Time of the next event that will run, or null when nothing is left to happen. */
  nextUs(): number | null {
    const next = this.#queue.nextUs();
    return next === Infinity ? null : next;
  }

  /** Runs one event; returns false when there is none. */
  async step(): Promise<boolean> {
    const next = this.#queue.nextUs();
    if (next === Infinity) return false;
    const running = this.#run(next);
    if (running) await running;
    return true;
  }

  /**
   * Runs all events up to and at `untilUs`, then sets the clock there; `Infinity` leaves it at the last event.
   * @param untilUs whole microseconds, or `Infinity`
   * @param shouldYield asked after some events; true ends the run early
   * @returns whether `untilUs` was reached
   */
  async runUntil(untilUs: number, shouldYield: () => boolean = () => false): Promise<boolean> {
    let unseen = 0;
    for (;;) {
      const next = this.#queue.nextUs();
      if (next === Infinity || next > untilUs) break;
      const running = this.#run(next);
      if (running) {
        await running;
        unseen += SLICE_COUNTS;
      } else unseen += 1;
      if (unseen < EVENTS_BETWEEN_LOOKS) continue;
      unseen = 0;
      if (shouldYield()) return false;
    }
    if (untilUs !== Infinity) this.#nowUs = Math.max(this.#nowUs, untilUs);
    return true;
  }

  #check(timeUs: number): void {
    if (Number.isInteger(timeUs) && timeUs >= this.#nowUs) return;
    throw new RangeError(`An event at ${timeUs} us cannot be scheduled at ${this.#nowUs} us.`);
  }

  #run(timeUs: number): void | Promise<void> {
    const event = this.#queue.pop();
    this.#nowUs = timeUs;
    this.#executed += 1;
    return event.run();
  }
}
