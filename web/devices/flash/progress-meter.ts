/** From bytes that are done to what people read: rate and time left. */
import type { FlasherClock } from './flasher-clock.ts';
import type { Progress } from './flash-state.ts';

/** The rate is that of the last seconds, so that it follows when the line slows down. */
const windowMs = 5000;

export class ProgressMeter {
  readonly #clock: FlasherClock;
  readonly #totalBytes: number;
  readonly #startMs: number;
  readonly #points: { ms: number; bytes: number }[] = [];
  #doneBytes = 0;

  constructor(clock: FlasherClock, totalBytes: number) {
    this.#clock = clock;
    this.#totalBytes = totalBytes;
    this.#startMs = clock.nowMs();
    this.#points.push({ ms: this.#startMs, bytes: 0 });
  }

  /** `doneBytes` may go back when something must be done again. */
  at(task: string, doneBytes: number): Progress {
    const nowMs = this.#clock.nowMs();
    if (doneBytes < this.#doneBytes) this.#points.length = 0;
    this.#doneBytes = doneBytes;
    this.#points.push({ ms: nowMs, bytes: doneBytes });
    while (this.#points.length > 2 && this.#points[0]!.ms < nowMs - windowMs) this.#points.shift();
    const first = this.#points[0]!;
    const seconds = (nowMs - first.ms) / 1000;
    const bytesPerSec = seconds > 0.2 && doneBytes > first.bytes ? (doneBytes - first.bytes) / seconds : null;
    return {
      task,
      doneBytes,
      totalBytes: this.#totalBytes,
      elapsedMs: nowMs - this.#startMs,
      leftMs: bytesPerSec === null ? null : ((this.#totalBytes - doneBytes) / bytesPerSec) * 1000,
      bytesPerSec,
    };
  }
}
