/**
 * What the simulation needs of a broker. It runs in no time of its own: every call takes effect
 * before it returns, and deliveries reach `onMessage` during the call that caused them. Delay, loss
 * and keep-alive belong to the caller, who knows the time and the links.
 */
import type { MqttMessage } from '../protocol/message.ts';

export interface BrokerDelivery {
  readonly packetId: number;
  readonly message: MqttMessage;
}

export interface ConnectOptions {
  /** Published when the connection ends without `disconnect()`. */
  will?: MqttMessage;
  /** Seconds; 0 for none. Kept for the caller: a client silent for 1.5 times this long is to be dropped. */
  keepAliveS: number;
  /**
   * True: forget the session of before and let this one end with its connection (session expiry 0).
   * False: take the old session up and keep it, with subscriptions and queue, beyond the connection.
   */
  cleanStart: boolean;
  /**
   * `packetId` is null at QoS 0; at QoS 1 the delivery stays pending until acknowledged. `session` is
   * there because a resumed session delivers before `connect` has returned. It may use the broker: what it
   * publishes is routed after the message in hand. It must not throw: the error would reach whoever
   * published.
   */
  onMessage(message: MqttMessage, packetId: number | null, session: BrokerSession): void;
  /** The broker ended the connection: taken over or dropped. Not called after `disconnect()`. */
  onClose?(reason: string): void;
}

export interface SubscribeOptions {
  /** Leave out what this client published itself. */
  noLocal?: boolean;
  /** Keep the retain flag of live messages as the publisher set it, instead of clearing it. */
  retainAsPublished?: boolean;
}

/** One connection. After it has ended, `subscribe`, `unsubscribe` and `publish` throw. */
export interface BrokerSession {
  readonly clientId: string;
  readonly keepAliveS: number;
  /** Whether an older session was taken up. */
  readonly sessionPresent: boolean;
  readonly connected: boolean;
  /**
   * Replaces an equal filter's subscription; delivers matching retained messages, retain flag set.
   * Throws for a filter that MQTT does not allow.
   */
  subscribe(filter: string, qos: 0 | 1, options?: SubscribeOptions): void;
  /** False when there was no such subscription. */
  unsubscribe(filter: string): boolean;
  /**
   * Delivers to every session once, however many of its filters match, at the lesser of the message's QoS and
   * the highest granted. A retained message replaces the topic's old one; with an empty payload it clears it.
   * Throws for a topic that MQTT does not allow.
   */
  publish(message: MqttMessage): void;
  /** False when no such delivery is pending, as after a second acknowledgement or the connection's end. */
  acknowledge(packetId: number): boolean;
  /** Ends the connection in order: the will is dropped. Does nothing when it has ended already. */
  disconnect(): void;
}

export interface BrokerStats {
  /** Messages accepted from clients, wills included. */
  received: number;
  /** Messages handed to clients; a retransmission counts again. */
  delivered: number;
  /** Messages retained now. */
  retained: number;
  /** QoS 1 messages lost to a full queue. */
  dropped: number;
  /** Subscriptions held now, those of absent persistent sessions included. */
  subscriptions: number;
}

export interface BrokerPort {
  /** A client id already connected is taken over: its old connection ends and its will is published. */
  connect(clientId: string, options: ConnectOptions): BrokerSession;
  /** Ends a connection out of order: its will is published. False when it was not connected. */
  drop(clientId: string): boolean;
  /** QoS 1 deliveries sent but not acknowledged, oldest first. Empty for unknown clients. */
  pending(clientId: string): BrokerDelivery[];
  /** Delivers the pending ones again under their packet ids; reconnecting does so by itself. */
  retransmit(clientId: string): void;
  readonly stats: Readonly<BrokerStats>;
}
