/**
 * The broker of nodes whose messages go to several brokers: what the nodes subscribe to is the first one's, and what they
 * publish reaches all, with their last wills.
 */
import type { MqttMessage } from '../protocol/message.ts';
import type { BrokerDelivery, BrokerPort, BrokerSession, BrokerStats, ConnectOptions, SubscribeOptions } from './broker-port.ts';

export class FanOut implements BrokerPort {
  readonly #brokers: BrokerPort[] = [];
  readonly #sessions: FannedSession[] = [];

  /** Before anything is published; who has connected already is then known to this one too. */
  add(broker: BrokerPort): void {
    this.#brokers.push(broker);
    for (const session of this.#sessions) session.join(broker);
  }

  connect(clientId: string, options: ConnectOptions): BrokerSession {
    const [first, ...others] = this.#brokers as [BrokerPort, ...BrokerPort[]];
    const session = new FannedSession(clientId, options, first.connect(clientId, options));
    for (const broker of others) session.join(broker);
    this.#sessions.push(session);
    return session;
  }

  drop(clientId: string): boolean {
    return this.#brokers.map((broker) => broker.drop(clientId))[0]!;
  }

  pending(clientId: string): BrokerDelivery[] {
    return this.#first.pending(clientId);
  }

  retransmit(clientId: string): void {
    this.#first.retransmit(clientId);
  }

  get stats(): Readonly<BrokerStats> {
    return this.#first.stats;
  }

  get #first(): BrokerPort {
    return this.#brokers[0]!;
  }
}

class FannedSession implements BrokerSession {
  readonly clientId: string;
  readonly #options: ConnectOptions;
  readonly #first: BrokerSession;
  readonly #others: BrokerSession[] = [];

  constructor(clientId: string, options: ConnectOptions, first: BrokerSession) {
    this.clientId = clientId;
    this.#options = options;
    this.#first = first;
  }

  join(broker: BrokerPort): void {
    // It subscribes to nothing there, so nothing is delivered.
    this.#others.push(broker.connect(this.clientId, { ...this.#options, onMessage: () => {} }));
  }

  get keepAliveS(): number {
    return this.#first.keepAliveS;
  }

  get sessionPresent(): boolean {
    return this.#first.sessionPresent;
  }

  get connected(): boolean {
    return this.#first.connected;
  }

  subscribe(filter: string, qos: 0 | 1, options?: SubscribeOptions): void {
    this.#first.subscribe(filter, qos, options);
  }

  unsubscribe(filter: string): boolean {
    return this.#first.unsubscribe(filter);
  }

  publish(message: MqttMessage): void {
    this.#first.publish(message);
    for (const session of this.#others) session.publish(message);
  }

  acknowledge(packetId: number): boolean {
    return this.#first.acknowledge(packetId);
  }

  disconnect(): void {
    for (const session of this.#others) session.disconnect();
    this.#first.disconnect();
  }
}
