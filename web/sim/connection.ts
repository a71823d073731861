/**
 * A node's MQTT connection across its links: what the node publishes takes the uplink to the broker,
 * what the broker delivers takes the downlink. QoS 1 is sent again until it is acknowledged.
 */
import { Stamps } from '../protocol/latency.ts';
import { Message, type MqttMessage } from '../protocol/message.ts';
import { messageBytes } from '../protocol/message-bytes.ts';
import { AcknowledgedTransfer } from './acknowledged-transfer.ts';
import type { BrokerPort, BrokerSession } from './broker-port.ts';
import { KernelEvent, type Kernel } from './kernel.ts';
import type { Link, Sending } from './models/link.ts';

/** PUBACK without properties: fixed header and packet identifier (MQTT 5, 3.4). */
const ACK_BYTES = 4;

export interface RetryPolicy {
  timeoutUs: number;
  maxRetries: number;
}

export type Direction = 'up' | 'down';

export interface ConnectionOptions {
  kernel: Kernel;
  broker: BrokerPort;
  clientId: string;
  up: Link;
  down: Link;
  retry: RetryPolicy;
  keepAliveS: number;
  will: MqttMessage;
  /** Place of the stamp that is put on messages that carry stamps when they reach the broker; null for none. */
  brokerStamp: number | null;
  /** A message has arrived at the node; `bytes` as `messageBytes` counts them. */
  onMessage(message: MqttMessage, bytes: number): void;
  /** A message, or another try of it, was put on a link; `attempt` is 0 for the first. */
  onTransfer(direction: Direction, message: MqttMessage, lost: boolean, attempt: number): void;
  /** A message or an acknowledgement takes the medium from now on; null where nobody counts it. */
  onAir: ((direction: Direction, airtimeUs: number) => void) | null;
  /** The last try of a QoS 1 message went unanswered. */
  onGiveUp(message: MqttMessage): void;
}

/** A QoS 0 message at the end of its link. */
class Arrival extends KernelEvent {
  readonly #connection: Connection;
  readonly #direction: Direction;
  readonly #message: MqttMessage;
  readonly #bytes: number;

  constructor(connection: Connection, direction: Direction, message: MqttMessage, bytes: number) {
    super();
    this.#connection = connection;
    this.#direction = direction;
    this.#message = message;
    this.#bytes = bytes;
  }

  override run(): void {
    if (this.#direction === 'up') this.#connection.reachBroker(this.#message);
    else this.#connection.reachNode(this.#message, this.#bytes);
  }
}

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #session: BrokerSession;
  #open = true;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#session = options.broker.connect(options.clientId, {
      will: options.will,
      keepAliveS: options.keepAliveS,
      cleanStart: true,
      onMessage: (message, packetId, session) => this.#deliver(message, packetId, session),
    });
  }

  /** False once the node has fallen silent. */
  get open(): boolean {
    return this.#open;
  }

  /** Subscriptions are set up as part of connecting, before the first message. */
  subscribe(filter: string, qos: 0 | 1): void {
    this.#session.subscribe(filter, qos);
  }

  /** @param bytes as `messageBytes` counts them */
  publish(message: MqttMessage, bytes: number): void {
    if (!this.#open) return;
    if (message.qos === 0) this.#sendOnce('up', message, bytes);
    else this.#sendUntilAcknowledged('up', message, bytes, null);
  }

  /** The message has come to the end of the uplink. */
  reachBroker(message: MqttMessage): void {
    if (this.#session.connected) this.#session.publish(this.#stamped(message));
  }

  /** The message has come to the end of the downlink. */
  reachNode(message: MqttMessage, bytes: number): void {
    if (this.#open) this.#options.onMessage(message, bytes);
  }

  /** The node says goodbye: the broker drops its last will. What is on its way still arrives. */
  close(): void {
    this.#open = false;
    this.#session.disconnect();
  }

  /** The node falls silent; the broker notices after 1.5 keep-alives (MQTT 5, 3.1.2.10) and publishes the will. */
  fallSilent(): void {
    this.#open = false;
    const { kernel, broker, clientId, keepAliveS } = this.#options;
    kernel.after(Math.round(keepAliveS * 1.5e6), () => {
      if (this.#session.connected) broker.drop(clientId);
    });
  }

  #stamped(message: MqttMessage): MqttMessage {
    const { brokerStamp, kernel } = this.#options;
    if (brokerStamp === null || !(message instanceof Message) || !message.stamps) return message;
    return message.stamped(new Stamps(message.stamps, brokerStamp, kernel.nowUs));
  }

  #deliver(message: MqttMessage, packetId: number | null, session: BrokerSession): void {
    // Nothing goes to a node that has fallen silent; the broker does not know it yet.
    if (!this.#open) return;
    const bytes = messageBytes(message);
    if (packetId === null) this.#sendOnce('down', message, bytes);
    else {
      this.#sendUntilAcknowledged('down', message, bytes, () => {
        if (session.connected) session.acknowledge(packetId);
      });
    }
  }

  #sendOnce(direction: Direction, message: MqttMessage, bytes: number): void {
    const deliveredAtUs = this.put(direction, message, bytes, 0);
    if (deliveredAtUs !== null) this.#options.kernel.schedule(deliveredAtUs, new Arrival(this, direction, message, bytes));
  }

  #sendUntilAcknowledged(direction: Direction, message: MqttMessage, bytes: number, settled: (() => void) | null): void {
    const { kernel, retry } = this.#options;
    new AcknowledgedTransfer(this, kernel, retry, direction, message, bytes, settled).begin();
  }

  /** Puts a message on a link; returns when it will be at the other end, or null when it is lost. */
  put(direction: Direction, message: MqttMessage, bytes: number, attempt: number): number | null {
    const { kernel, up, down, onTransfer } = this.#options;
    const sending = (direction === 'up' ? up : down).send(kernel.nowUs, bytes);
    const { deliveredAtUs } = sending;
    this.#onAir(direction, sending);
    onTransfer(direction, message, deliveredAtUs === null, attempt);
    return deliveredAtUs;
  }

  /** The same for the acknowledgement of a message that has come the other way. */
  putAcknowledgement(direction: Direction): number | null {
    const { kernel, up, down } = this.#options;
    const sending = (direction === 'up' ? up : down).send(kernel.nowUs, ACK_BYTES);
    const { deliveredAtUs } = sending;
    this.#onAir(direction, sending);
    return deliveredAtUs;
  }

  /** The last try of a message went unanswered. */
  giveUp(message: MqttMessage): void {
    this.#options.onGiveUp(message);
  }

  /** A message that waits for the medium keeps the radio busy only once its turn has come. */
  #onAir(direction: Direction, { airtimeUs, queuedUs }: Sending): void {
    const { kernel, onAir } = this.#options;
    if (!onAir || !this.#open) return;
    if (queuedUs === 0) onAir(direction, airtimeUs);
    else {
      kernel.after(queuedUs, () => {
        if (this.#open) onAir(direction, airtimeUs);
      });
    }
  }
}
