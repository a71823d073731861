/** A pin that the guest has set, on its way to the virtual time of the call. */
import type { EdgeNode } from './edge-node.ts';
import type { Effect } from './guest-runner.ts';

export class PinSwitch implements Effect {
  readonly #node: EdgeNode;
  readonly #bit: number;
  readonly #on: boolean;
  readonly #words: string;

  constructor(node: EdgeNode, pin: number, bit: number, on: boolean) {
    this.#node = node;
    this.#bit = bit;
    this.#on = on;
    this.#words = `${pin}=${on ? 1 : 0}`;
  }

  bring(): void {
    this.#node.switchTo(this.#bit, this.#on, this.#words);
  }
}
