/** Lets a worker hear what the page says in the middle of a run. */
import type { RunControl } from '../lab/measure/run-experiment-run.ts';

/** Between two looks at what has come in: a click is answered at once, and looking costs little. */
const LOOK_MS = 50;

export class RunTurns implements RunControl {
  readonly progress: (share: number) => void;
  #cancelled = false;
  #pause: { ended: Promise<void>; end: () => void } | null = null;
  #lookedMs = performance.now();

  constructor(progress: (share: number) => void) {
    this.progress = progress;
  }

  cancelled(): boolean {
    return this.#cancelled;
  }

  async turn(): Promise<void> {
    if (performance.now() - this.#lookedMs >= LOOK_MS) {
      await nextMessage();
      this.#lookedMs = performance.now();
    }
    await this.#pause?.ended;
  }

  pause(): void {
    if (this.#pause) return;
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    this.#pause = { ended, end };
  }

  goOn(): void {
    this.#pause?.end();
    this.#pause = null;
  }

  cancel(): void {
    this.#cancelled = true;
    this.goOn();
  }
}

/** Resolves after messages that wait already. A timer would be held back by four milliseconds each time. */
function nextMessage(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
