import type { MqttMessage } from '../protocol/message.ts';
import type { BrokerDelivery, SubscribeOptions } from '../sim/broker-port.ts';
import { Fifo } from './fifo.ts';

export interface Grant extends SubscribeOptions {
  readonly qos: 0 | 1;
}

/** The way to the client, while there is one. */
export interface Connection {
  deliver(message: MqttMessage, packetId: number | null): void;
}

const LAST_PACKET_ID = 65_535;

/**
 * What a broker keeps of one client between its connections (MQTT 5, section 4.1): subscriptions,
 * QoS 1 messages in flight, and those that wait for room in flight or for the client.
 */
export class SessionState<C extends Connection = Connection> {
  readonly clientId: string;
  readonly filters = new Set<string>();
  connection: C | null = null;
  readonly #maxInflight: number;
  readonly #maxQueued: number;
  /** In the order of sending, which is the order of retransmission (section 4.6). */
  readonly #inflight = new Map<number, MqttMessage>();
  readonly #queue = new Fifo<MqttMessage>();
  #lastPacketId = 0;
  #flushing = false;

  constructor(clientId: string, limits: { maxInflight: number; maxQueued: number }) {
    this.clientId = clientId;
    this.#maxInflight = limits.maxInflight;
    this.#maxQueued = limits.maxQueued;
  }

  /** Sends at once, or queues. False when the message is lost to a full queue. */
  offer(message: MqttMessage): boolean {
    if (message.qos === 0) {
      // Like Mosquitto's default, QoS 0 is not kept for absent clients.
      this.connection?.deliver(message, null);
      return true;
    }
    if (this.connection !== null && this.#inflight.size < this.#maxInflight && this.#queue.length === 0) {
      this.#send(message);
      return true;
    }
    if (this.#queue.length >= this.#maxQueued) return false;
    this.#queue.push(message);
    return true;
  }

  acknowledge(packetId: number): boolean {
    if (!this.#inflight.delete(packetId)) return false;
    this.flush();
    return true;
  }

  pending(): BrokerDelivery[] {
    return Array.from(this.#inflight, ([packetId, message]) => ({ packetId, message }));
  }

  retransmit(): void {
    for (const { packetId, message } of this.pending()) {
      // A client may acknowledge one delivery while it receives another.
      if (this.#inflight.has(packetId)) this.connection?.deliver(message, packetId);
    }
  }

  /** Sends from the queue what fits in flight. */
  flush(): void {
    // A client that acknowledges within its delivery comes back here; the loop below goes on for it,
    // where recursion would be as deep as the queue is long.
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      while (this.connection !== null && this.#queue.length > 0 && this.#inflight.size < this.#maxInflight) {
        this.#send(this.#queue.shift()!);
      }
    } finally {
      this.#flushing = false;
    }
  }

  #send(message: MqttMessage): void {
    do {
      this.#lastPacketId = (this.#lastPacketId % LAST_PACKET_ID) + 1;
    } while (this.#inflight.has(this.#lastPacketId));
    // In flight before it is delivered: the client may acknowledge at once.
    const packetId = this.#lastPacketId;
    this.#inflight.set(packetId, message);
    this.connection?.deliver(message, packetId);
  }
}
