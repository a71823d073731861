/** One QoS 1 message on its way over a link: sent until acknowledged, at least once; the receiver sees it once. */
import type { MqttMessage } from '../protocol/message.ts';
import type { Connection, Direction, RetryPolicy } from './connection.ts';
import { KernelEvent, type Kernel } from './kernel.ts';

/** What the transfer waits for: the end of an attempt's patience, by its number, or one of these. */
const Awaited = { arrival: -1, acknowledgement: -2 } as const;

/** Thousands are on their way at a time, so an event is no more than this. */
class Step extends KernelEvent {
  readonly #transfer: AcknowledgedTransfer;
  readonly #awaited: number;

  constructor(transfer: AcknowledgedTransfer, awaited: number) {
    super();
    this.#transfer = transfer;
    this.#awaited = awaited;
  }

  override run(): void {
    if (this.#awaited === Awaited.arrival) this.#transfer.receive();
    else if (this.#awaited === Awaited.acknowledgement) this.#transfer.acknowledge();
    else this.#transfer.again(this.#awaited);
  }
}

export class AcknowledgedTransfer {
  readonly #connection: Connection;
  readonly #kernel: Kernel;
  readonly #retry: RetryPolicy;
  readonly #direction: Direction;
  readonly #message: MqttMessage;
  readonly #bytes: number;
  readonly #settled: (() => void) | null;
  #arrived = false;
  #acknowledged = false;
  /** The first attempt's patience, while it is not in the queue: its place in the sequence and its end; else -1. */
  #reserved = -1;
  #patienceUs = -1;

  /**
   * @param bytes of the PUBLISH packet
   * @param settled the sender is done with it, acknowledged or given up; null where nobody waits for that
   */
  constructor(
    connection: Connection,
    kernel: Kernel,
    retry: RetryPolicy,
    direction: Direction,
    message: MqttMessage,
    bytes: number,
    settled: (() => void) | null,
  ) {
    this.#connection = connection;
    this.#kernel = kernel;
    this.#retry = retry;
    this.#direction = direction;
    this.#message = message;
    this.#bytes = bytes;
    this.#settled = settled;
  }

  begin(): void {
    this.#attempt(0);
  }

  receive(): void {
    const connection = this.#connection;
    const up = this.#direction === 'up';
    if (!up && !connection.open) return;
    if (!this.#arrived) {
      if (up) connection.reachBroker(this.#message);
      else connection.reachNode(this.#message, this.#bytes);
    }
    this.#arrived = true;
    const deliveredAtUs = connection.putAcknowledgement(up ? 'down' : 'up');
    if (this.#reserved >= 0) {
      const answered = deliveredAtUs !== null && deliveredAtUs < this.#patienceUs;
      if (!answered) this.#kernel.scheduleReserved(this.#reserved, this.#patienceUs, new Step(this, 0));
      this.#reserved = -1;
      // Nothing waits for the acknowledgement any more.
      if (answered && this.#settled === null) return;
    }
    if (deliveredAtUs !== null) this.#kernel.schedule(deliveredAtUs, new Step(this, Awaited.acknowledgement));
  }

  acknowledge(): void {
    this.#acknowledged = true;
    this.#settled?.();
  }

  /** The patience of an attempt has ended. */
  again(number: number): void {
    if (this.#acknowledged || !this.#connection.open) return;
    if (number < this.#retry.maxRetries) this.#attempt(number + 1);
    else {
      // Unsettled, it would hold one of the broker's few places in flight for ever.
      this.#settled?.();
      if (!this.#arrived) this.#connection.giveUp(this.#message);
    }
  }

  #attempt(number: number): void {
    const kernel = this.#kernel;
    const deliveredAtUs = this.#connection.put(this.#direction, this.#message, this.#bytes, number);
    const patienceUs = kernel.nowUs + this.#retry.timeoutUs;
    if (deliveredAtUs !== null) kernel.schedule(deliveredAtUs, new Step(this, Awaited.arrival));
    if (number === 0 && deliveredAtUs !== null && deliveredAtUs < patienceUs) {
      // Whether it is needed shows on arrival, and it hardly ever is.
      this.#reserved = kernel.reserve();
      this.#patienceUs = patienceUs;
    } else kernel.schedule(patienceUs, new Step(this, number));
  }
}
