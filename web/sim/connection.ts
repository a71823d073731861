/**
 * A node's MQTT connection across its links: what the node publishes takes the uplink to the broker,
 * what the broker delivers takes the downlink. QoS 1 is sent again until it is acknowledged.
 */
import { encodeStamps, type StampName } from '../protocol/latency.ts';
import type { MqttMessage } from '../protocol/message.ts';
import { messageBytes } from '../protocol/message-bytes.ts';
import type { BrokerPort, BrokerSession } from './broker-port.ts';
import type { Kernel } from './kernel.ts';
import type { Link, Sending } from './models/link.ts';

/** PUBACK without properties: fixed header and packet identifier (MQTT 5, 3.4). */
const ACK_BYTES = 4;

export interface RetryPolicy {
  timeoutUs: number;
  maxRetries: number;
}

export interface Transfer {
  direction: 'up' | 'down';
  message: MqttMessage;
  bytes: number;
  lost: boolean;
  /** 0 for the first try. */
  attempt: number;
}

export interface ConnectionOptions {
  kernel: Kernel;
  broker: BrokerPort;
  clientId: string;
  up: Link;
  down: Link;
  retry: RetryPolicy;
  keepAliveS: number;
  will: MqttMessage;
  /** Put on messages that carry stamps when they reach the broker. */
  brokerStamp: StampName;
  /** A message has arrived at the node; `bytes` as `messageBytes` counts them. */
  onMessage(message: MqttMessage, bytes: number): void;
  /** A message, or another try of it, was put on a link. */
  onTransfer(transfer: Transfer): void;
  /** A message or an acknowledgement takes the medium from now on. */
  onAir(direction: 'up' | 'down', airtimeUs: number): void;
  /** The last try of a QoS 1 message went unanswered. */
  onGiveUp(message: MqttMessage): void;
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

  /** Subscriptions are set up as part of connecting, before the first message. */
  subscribe(filter: string, qos: 0 | 1): void {
    this.#session.subscribe(filter, qos);
  }

  /** @param bytes as `messageBytes` counts them */
  publish(message: MqttMessage, bytes: number): void {
    if (!this.#open) return;
    const arrive = (): void => {
      if (this.#session.connected) this.#session.publish(this.#stamped(message));
    };
    this.#send('up', message, bytes, arrive, () => undefined);
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
    if (!message.userProperties) return message;
    const stamp = encodeStamps({ [brokerStamp]: kernel.nowUs });
    return { ...message, userProperties: { ...message.userProperties, ...stamp } };
  }

  #deliver(message: MqttMessage, packetId: number | null, session: BrokerSession): void {
    const bytes = messageBytes(message);
    const arrive = (): void => {
      if (this.#open) this.#options.onMessage(message, bytes);
    };
    const settled = (): void => {
      if (packetId !== null && session.connected) session.acknowledge(packetId);
    };
    this.#send('down', message, bytes, arrive, settled);
  }

  /** At most once for QoS 0, at least once for QoS 1; the receiver sees a repeated message once. */
  #send(
    direction: 'up' | 'down',
    message: MqttMessage,
    bytes: number,
    arrive: () => void,
    settled: () => void,
  ): void {
    const { kernel, up, down, retry } = this.#options;
    const [forward, back] = direction === 'up' ? [up, down] : [down, up];
    let arrived = false;
    let acknowledged = false;

    const attempt = (number: number): void => {
      if (acknowledged || !this.#open) return;
      const transfer = forward.send(kernel.nowUs, bytes);
      this.#report(direction, message, bytes, transfer, number);
      if (transfer.deliveredAtUs !== null) kernel.at(transfer.deliveredAtUs, receive);
      if (message.qos === 1) kernel.after(retry.timeoutUs, () => again(number));
    };
    const receive = (): void => {
      if (!this.#open && direction === 'down') return;
      if (!arrived) arrive();
      arrived = true;
      if (message.qos === 0) return;
      const sending = back.send(kernel.nowUs, ACK_BYTES);
      this.#onAir(direction === 'up' ? 'down' : 'up', sending);
      if (sending.deliveredAtUs !== null) kernel.at(sending.deliveredAtUs, acknowledge);
    };
    const acknowledge = (): void => {
      acknowledged = true;
      settled();
    };
    const again = (number: number): void => {
      if (acknowledged || !this.#open) return;
      if (number < retry.maxRetries) attempt(number + 1);
      else {
        // Unsettled, it would hold one of the broker's few places in flight for ever.
        settled();
        if (!arrived) this.#options.onGiveUp(message);
      }
    };
    attempt(0);
  }

  #report(
    direction: 'up' | 'down',
    message: MqttMessage,
    bytes: number,
    sending: Sending,
    attempt: number,
  ): void {
    this.#onAir(direction, sending);
    this.#options.onTransfer({ direction, message, bytes, lost: sending.deliveredAtUs === null, attempt });
  }

  /** A message that waits for the medium keeps the radio busy only once its turn has come. */
  #onAir(direction: 'up' | 'down', { airtimeUs, queuedUs }: Sending): void {
    const { kernel, onAir } = this.#options;
    kernel.after(queuedUs, () => {
      if (this.#open) onAir(direction, airtimeUs);
    });
  }
}
