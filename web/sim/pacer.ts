/** Runs a kernel at a multiple of wall time. All platform time enters here, through a port. */
import type { Kernel } from './kernel.ts';

export interface WallClock {
  nowMs(): number;
  /** Lets other tasks of this thread run, then resolves, after `ms` at the least. */
  rest(ms: number): Promise<void>;
}

/** Longest run before other tasks (the page's questions) get their turn. */
const SLICE_MS = 8;
/** Rest when the simulation is ahead of the wall clock. */
const REST_MS = 4;
/** Virtual time that cannot be caught up within this wall time is let go: the reached speed says so. */
const MAX_DEBT_MS = 200;
const SPEED_WINDOW_MS = 1000;

export class Pacer {
  readonly #clock: WallClock;
  #kernel: Kernel;
  #running = false;
  /** Tells a loop that still rests from one that was started meanwhile. */
  #generation = 0;
  #speed: number;
  #anchor = { wallMs: 0, virtualUs: 0 };
  #window = { wallMs: 0, virtualUs: 0 };
  #reached = 0;
  /** Called after each slice. */
  onSlice: () => void = () => undefined;
  /** Work between slices: nothing else touches the kernel meanwhile. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param speed virtual seconds per wall second; `Infinity` for as fast as it goes */
  constructor(clock: WallClock, kernel: Kernel, speed: number) {
    this.#clock = clock;
    this.#kernel = kernel;
    this.#speed = speed;
  }

  get running(): boolean {
    return this.#running;
  }

  get speed(): number {
    return this.#speed;
  }

  /** Over the last second. */
  get reached(): number {
    return this.#running ? this.#reached : 0;
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#reanchor();
  }

  /** Does `work` when no slice runs, in the order asked. */
  exclusively<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  setKernel(kernel: Kernel): void {
    this.#kernel = kernel;
    this.#reanchor();
  }

  pause(): void {
    this.#running = false;
  }

  /** Resolves when paused; rejects with what an event threw. */
  async run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    const generation = ++this.#generation;
    this.#reanchor();
    while (this.#running && this.#generation === generation) {
      const caughtUp = await this.exclusively(() => this.#slice());
      await this.#clock.rest(caughtUp ? REST_MS : 0);
    }
  }

  async #slice(): Promise<boolean> {
    if (!this.#running) return true;
    const startMs = this.#clock.nowMs();
    const { wallMs, virtualUs } = this.#anchor;
    const targetUs =
      this.#speed === Infinity
        ? Infinity
        : Math.floor(virtualUs + (startMs - wallMs) * 1000 * this.#speed);
    const outOfTime = (): boolean => !this.#running || this.#clock.nowMs() - startMs >= SLICE_MS;
    const caughtUp = await this.#kernel.runUntil(targetUs, outOfTime);
    if (!caughtUp && targetUs - this.#kernel.nowUs > MAX_DEBT_MS * 1000 * this.#speed) this.#moveAnchor();
    this.#measure();
    this.onSlice();
    return caughtUp;
  }

  #measure(): void {
    const wallMs = this.#clock.nowMs() - this.#window.wallMs;
    if (wallMs < SPEED_WINDOW_MS) return;
    this.#reached = (this.#kernel.nowUs - this.#window.virtualUs) / 1000 / wallMs;
    this.#window = { wallMs: this.#clock.nowMs(), virtualUs: this.#kernel.nowUs };
  }

  #moveAnchor(): void {
    this.#anchor = { wallMs: this.#clock.nowMs(), virtualUs: this.#kernel.nowUs };
  }

  #reanchor(): void {
    this.#moveAnchor();
    this.#window = { ...this.#anchor };
    this.#reached = 0;
  }
}
