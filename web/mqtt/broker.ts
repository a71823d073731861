import { Message, type MqttMessage } from '../protocol/message.ts';
import { checkTopicFilter, checkTopicName, matchesFilter } from '../protocol/topics.ts';
import type {
  BrokerDelivery,
  BrokerPort,
  BrokerSession,
  BrokerStats,
  ConnectOptions,
  SubscribeOptions,
} from '../sim/broker-port.ts';
import { Fifo } from './fifo.ts';
import { type Connection, type Grant, SessionState } from './session-state.ts';
import { TopicTree } from './topic-tree.ts';

export interface BrokerLimits {
  /** QoS 1 deliveries in flight to one client. */
  maxInflight: number;
  /** QoS 1 messages that wait for one client, absent or busy; the newest are dropped beyond. */
  maxQueued: number;
}

/** Mosquitto's `max_inflight_messages` and `max_queued_messages` by default (mosquitto.conf(5)). */
const mosquittoLimits: BrokerLimits = { maxInflight: 20, maxQueued: 1000 };

/** Topics whose receivers are remembered; a client may publish to ever new ones. */
const MOST_TOPICS = 200_000;

/** What a client asks of its broker. */
interface Actions {
  subscribe(filter: string, qos: 0 | 1, options?: SubscribeOptions): void;
  unsubscribe(filter: string): boolean;
  publish(message: MqttMessage): void;
  disconnect(client: Client): void;
  delivering(): void;
}

/** One connection of a client. */
class Client implements BrokerSession, Connection {
  readonly clientId: string;
  readonly keepAliveS: number;
  readonly options: ConnectOptions;
  readonly sessionPresent: boolean;
  readonly #state: State;
  readonly #actions: Actions;

  constructor(state: State, options: ConnectOptions, sessionPresent: boolean, actions: Actions) {
    this.clientId = state.clientId;
    this.keepAliveS = options.keepAliveS;
    this.options = options;
    this.sessionPresent = sessionPresent;
    this.#state = state;
    this.#actions = actions;
  }

  get connected(): boolean {
    return this.#state.connection === this;
  }

  subscribe(filter: string, qos: 0 | 1, options?: SubscribeOptions): void {
    this.#requireConnection();
    this.#actions.subscribe(filter, qos, options);
  }

  unsubscribe(filter: string): boolean {
    this.#requireConnection();
    return this.#actions.unsubscribe(filter);
  }

  publish(message: MqttMessage): void {
    this.#requireConnection();
    this.#actions.publish(message);
  }

  acknowledge(packetId: number): boolean {
    return this.connected && this.#state.acknowledge(packetId);
  }

  disconnect(): void {
    if (this.connected) this.#actions.disconnect(this);
  }

  deliver(message: MqttMessage, packetId: number | null): void {
    this.#actions.delivering();
    this.options.onMessage(message, packetId, this);
  }

  #requireConnection(): void {
    if (this.connected) return;
    throw new Error(`The connection of client "${this.clientId}" has ended; connect again first.`);
  }
}
type State = SessionState<Client>;

interface Receiver {
  readonly state: State;
  readonly grant: Grant;
}

interface Routed {
  readonly message: MqttMessage;
  /** Client id of the publisher, for `noLocal`. */
  readonly from: string;
}

/**
 * An MQTT 5 broker within the page: QoS 0 and 1, retained messages, wills, persistent sessions. It holds no
 * clock and no socket, so the same calls in the same order give the same deliveries. Not in it: QoS 2,
 * shared subscriptions, message and session expiry, authorisation.
 */
export class Broker implements BrokerPort {
  readonly #limits: BrokerLimits;
  readonly #sessions = new Map<string, State>();
  readonly #subscriptions = new TopicTree<State, Grant>();
  readonly #retained = new Map<string, Routed>();
  /** Who gets what is published to a topic, until a subscription changes. */
  readonly #receivers = new Map<string, Receiver[]>();
  /** Counts the changes of subscriptions. */
  #epoch = 0;
  /** Accepted and not yet routed: messages that were published while another was being delivered. */
  readonly #backlog = new Fifo<Routed>();
  #routing = false;
  #received = 0;
  #delivered = 0;
  #dropped = 0;

  constructor(limits: Partial<BrokerLimits> = {}) {
    this.#limits = { ...mosquittoLimits, ...limits };
  }

  get stats(): BrokerStats {
    return {
      received: this.#received,
      delivered: this.#delivered,
      retained: this.#retained.size,
      dropped: this.#dropped,
      subscriptions: this.#subscriptions.size,
    };
  }

  connect(clientId: string, options: ConnectOptions): BrokerSession {
    if (clientId === '') throw new Error('A client needs an id that is not empty.');
    if (options.will) throwIfRefused(checkTopicName(options.will.topic));

    const old = this.#sessions.get(clientId);
    const takenOver = old?.connection ?? null;
    const resumed = old !== undefined && !options.cleanStart && takenOver?.options.cleanStart !== true;
    if (old !== undefined && !resumed) this.#forget(old);
    const state: State = resumed ? old : new SessionState(clientId, this.#limits);
    const client = this.#newClient(state, options, resumed);
    state.connection = client;
    this.#sessions.set(clientId, state);
    // What is older goes first: the old connection's will may well be for this very client.
    state.retransmit();
    state.flush();
    if (takenOver) this.#abandon(takenOver, `Another client connected under the id "${clientId}".`);
    return client;
  }

  drop(clientId: string): boolean {
    const client = this.#sessions.get(clientId)?.connection;
    if (!client) return false;
    this.#detach(client);
    this.#abandon(client, 'The connection was lost.');
    return true;
  }

  pending(clientId: string): BrokerDelivery[] {
    return this.#sessions.get(clientId)?.pending() ?? [];
  }

  retransmit(clientId: string): void {
    this.#sessions.get(clientId)?.retransmit();
  }

  #newClient(state: State, options: ConnectOptions, sessionPresent: boolean): Client {
    const actions: Actions = {
      subscribe: (filter, qos, subscribeOptions) => this.#subscribe(state, filter, { qos, ...subscribeOptions }),
      unsubscribe: (filter) => {
        state.filters.delete(filter);
        this.#subscriptionsChange();
        return this.#subscriptions.delete(filter, state);
      },
      publish: (message) => this.#accept(message, state.clientId),
      disconnect: (client) => this.#detach(client),
      delivering: () => {
        this.#delivered++;
      },
    };
    return new Client(state, options, sessionPresent, actions);
  }

  /** Ends the connection; the session ends with it or waits for the client. */
  #detach(client: Client): void {
    const state = this.#sessions.get(client.clientId)!;
    state.connection = null;
    if (client.options.cleanStart) this.#forget(state);
  }

  /** What follows when a connection ended out of order. */
  #abandon(client: Client, reason: string): void {
    const { will, onClose } = client.options;
    if (will) this.#accept(will, client.clientId);
    onClose?.(reason);
  }

  #forget(state: State): void {
    this.#subscriptionsChange();
    for (const filter of state.filters) this.#subscriptions.delete(filter, state);
    state.connection = null;
    this.#sessions.delete(state.clientId);
  }

  #subscribe(state: State, filter: string, grant: Grant & SubscribeOptions): void {
    throwIfRefused(checkTopicFilter(filter));
    if (filter.startsWith('$share/')) {
      throw new Error(`Shared subscriptions are not supported; subscribe to "${filter}" without $share.`);
    }
    state.filters.add(filter);
    this.#subscriptionsChange();
    this.#subscriptions.set(filter, state, grant);
    for (const { message, from } of this.#retainedUnder(filter)) {
      if (grant.noLocal && from === state.clientId) continue;
      this.#offer(state, message, grant.qos, true);
    }
  }

  /** A copy, since a client may publish while it receives one of them. */
  #retainedUnder(filter: string): Routed[] {
    if (!/[+#]/.test(filter)) {
      const exact = this.#retained.get(filter);
      return exact === undefined ? [] : [exact];
    }
    return Array.from(this.#retained.values()).filter(({ message }) => matchesFilter(filter, message.topic));
  }

  #accept(message: MqttMessage, from: string): void {
    // A topic with known receivers has been checked.
    const known = this.#knownReceivers(message);
    if (!known) throwIfRefused(checkTopicName(message.topic));
    this.#received++;
    // One message reaches all its receivers before the next reaches any, so all see one order.
    if (this.#routing) {
      this.#backlog.push({ message, from });
      return;
    }
    this.#routing = true;
    try {
      this.#route(message, from, known);
      for (let next = this.#backlog.shift(); next; next = this.#backlog.shift()) {
        this.#route(next.message, next.from, this.#knownReceivers(next.message));
      }
    } finally {
      this.#routing = false;
    }
  }

  #route(message: MqttMessage, from: string, known: Receiver[] | null): void {
    if (message.retain) {
      // Deleted first, so that new subscribers get the messages in the order of their arrival.
      this.#retained.delete(message.topic);
      if (message.payload !== '') this.#retained.set(message.topic, { message, from });
    }
    for (const { state, grant } of known ?? this.#receiversOf(message, from)) {
      this.#offer(state, message, grant.qos, message.retain && grant.retainAsPublished === true);
    }
  }

  /** Null when they have to be looked for. */
  #knownReceivers(message: MqttMessage): Receiver[] | null {
    const route = message instanceof Message ? message.route : null;
    if (route?.broker === this && route.epoch === this.#epoch) return route.receivers as Receiver[];
    return this.#receivers.get(message.topic) ?? null;
  }

  #receiversOf(message: MqttMessage, from: string): Receiver[] {
    const grants = new Map<State, Grant>();
    let forAll = true;
    this.#subscriptions.match(message.topic, (state, grant) => {
      if (grant.noLocal) forAll = false;
      if (grant.noLocal && from === state.clientId) return;
      const other = grants.get(state);
      grants.set(state, other === undefined ? grant : merged(other, grant));
    });
    const receivers = Array.from(grants, ([state, grant]) => ({ state, grant }));
    if (forAll) this.#remember(message, receivers);
    return receivers;
  }

  #remember(message: MqttMessage, receivers: Receiver[]): void {
    const route = message instanceof Message ? message.route : null;
    // One place, for one broker: another that the message reaches as well remembers by the topic.
    if (route && (route.broker ?? this) === this) {
      route.broker = this;
      route.epoch = this.#epoch;
      route.receivers = receivers;
      return;
    }
    if (this.#receivers.size >= MOST_TOPICS) this.#receivers.clear();
    this.#receivers.set(message.topic, receivers);
  }

  #subscriptionsChange(): void {
    this.#epoch += 1;
    this.#receivers.clear();
  }

  #offer(state: State, message: MqttMessage, grantedQos: 0 | 1, retain: boolean): void {
    const qos = message.qos === 1 ? grantedQos : 0;
    const same = message.qos === qos && message.retain === retain;
    if (!state.offer(same ? message : granted(message, qos, retain))) this.#dropped++;
  }
}

function merged(a: Grant, b: Grant): Grant {
  return {
    qos: a.qos === 1 ? 1 : b.qos,
    retainAsPublished: a.retainAsPublished === true || b.retainAsPublished === true,
  };
}

function granted(message: MqttMessage, qos: 0 | 1, retain: boolean): MqttMessage {
  return message instanceof Message ? message.granted(qos, retain) : { ...message, qos, retain };
}

function throwIfRefused(reason: string | null): void {
  if (reason !== null) throw new Error(reason);
}
