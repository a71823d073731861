/** One QoS 1 message on its way over a link: sent until acknowledged, at least once; the receiver sees it once. */
import type { RetryPolicy } from './connection.ts';
import type { Kernel } from './kernel.ts';
import type { Link, Sending } from './models/link.ts';

/** PUBACK without properties: fixed header and packet identifier (MQTT 5, 3.4). */
const ACK_BYTES = 4;

export interface TransferOptions {
  kernel: Kernel;
  forward: Link;
  back: Link;
  /** Of the PUBLISH packet. */
  bytes: number;
  retry: RetryPolicy;
  /** Whether the node's end of the connection is still there to send, and to receive. */
  senderLives(): boolean;
  receiverLives(): boolean;
  onSending(sending: Sending, attempt: number): void;
  onAcknowledging(sending: Sending): void;
  arrive(): void;
  /** The sender is done with it, acknowledged or given up. */
  settled(): void;
  giveUp(): void;
}

export class AcknowledgedTransfer {
  readonly #options: TransferOptions;
  #arrived = false;
  #acknowledged = false;

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#attempt(0);
  }

  #attempt(number: number): void {
    const { kernel, forward, bytes, retry, onSending } = this.#options;
    const sending = forward.send(kernel.nowUs, bytes);
    const { deliveredAtUs } = sending;
    onSending(sending, number);
    if (deliveredAtUs !== null) kernel.at(deliveredAtUs, () => this.#receive());
    kernel.after(retry.timeoutUs, () => this.#again(number));
  }

  #receive(): void {
    const { kernel, back, receiverLives, onAcknowledging, arrive } = this.#options;
    if (!receiverLives()) return;
    if (!this.#arrived) arrive();
    this.#arrived = true;
    const sending = back.send(kernel.nowUs, ACK_BYTES);
    const { deliveredAtUs } = sending;
    onAcknowledging(sending);
    if (deliveredAtUs !== null) kernel.at(deliveredAtUs, () => this.#acknowledge());
  }

  #acknowledge(): void {
    this.#acknowledged = true;
    this.#options.settled();
  }

  #again(number: number): void {
    const { retry, senderLives, settled, giveUp } = this.#options;
    if (this.#acknowledged || !senderLives()) return;
    if (number < retry.maxRetries) this.#attempt(number + 1);
    else {
      // Unsettled, it would hold one of the broker's few places in flight for ever.
      settled();
      if (!this.#arrived) giveUp();
    }
  }
}
