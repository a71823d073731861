/** A board's own time: a kernel that keeps up with the wall, so that guests run under the simulation's rules at 1x. */
import { Kernel } from '../../../sim/kernel.ts';
import type { BoardClock } from '../rom/board-clock.ts';

/** What is overdue for longer (the machine slept) is not hurried after: the board's clock stood still meanwhile. */
const MOST_DEBT_MS = 2000;

export class BoardTime {
  /** Microseconds since boot. */
  readonly kernel = new Kernel();
  readonly #clock: BoardClock;
  readonly #failed: (error: unknown) => void;
  #startMs: number;
  #turn: Promise<void> = Promise.resolve();
  #cancel: () => void = () => undefined;
  #stopped = false;

  /** @param failed told of what nothing that was done should have thrown; everything stops with it */
  constructor(clock: BoardClock, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#failed = failed;
    this.#startMs = clock.nowMs();
  }

  /** Does `work` at this moment, after what was due before it and after what was asked earlier; not once stopped. */
  now(work: () => void | Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(() => this.#do(work)).catch((error: unknown) => {
      if (this.#stopped) return;
      this.stop();
      this.#failed(error);
    });
    return this.#turn;
  }

  /** Nothing happens any more. */
  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  async #do(work: () => void | Promise<void>): Promise<void> {
    if (this.#stopped) return;
    await this.#catchUp();
    if (this.#stopped) return;
    await work();
    await this.kernel.runUntil(this.kernel.nowUs, () => this.#stopped);
    this.#plan();
  }

  async #catchUp(): Promise<void> {
    const nextUs = this.kernel.nextUs();
    const overdueMs = nextUs === null ? 0 : (this.#wallUs() - nextUs) / 1000;
    if (overdueMs > MOST_DEBT_MS) this.#startMs += overdueMs - MOST_DEBT_MS;
    await this.kernel.runUntil(Math.max(this.kernel.nowUs, this.#wallUs()), () => this.#stopped);
  }

  #plan(): void {
    this.#cancel();
    const nextUs = this.kernel.nextUs();
    if (this.#stopped || nextUs === null) return;
    const delayMs = Math.max(0, Math.ceil((nextUs - this.#wallUs()) / 1000));
    this.#cancel = this.#clock.setTimer(delayMs, () => void this.now(() => undefined));
  }

  #wallUs(): number {
    return Math.floor((this.#clock.nowMs() - this.#startMs) * 1000);
  }
}
