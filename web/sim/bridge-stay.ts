/** One stay at a broker: what was put off for later comes to nothing once it is over. */
import type { Kernel } from './kernel.ts';

export class BridgeStay {
  #over = false;

  later(kernel: Kernel, delayUs: number, action: () => void): void {
    kernel.after(delayUs, () => {
      if (!this.#over) action();
    });
  }

  end(): void {
    this.#over = true;
  }
}
