/** What nodes of every tier have in common: an identity, a connection to the broker, a journal. */
import { encodePresence } from '../protocol/payloads.ts';
import { Place } from '../protocol/latency.ts';
import type { MqttMessage } from '../protocol/message.ts';
import { messageBytes } from '../protocol/message-bytes.ts';
import { nodeTopic, type TopicKind } from '../protocol/topics.ts';
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import { Connection } from './connection.ts';
import { Journal } from './journal.ts';
import { Link, linkProfile, type LinkKind } from './models/link.ts';
import { guestTitle, type NodeContext, type NodeIdentity } from './node-context.ts';
import { stream, type RandomStream } from './random.ts';
import { nodeStates, type ConsoleLine, type NodeState, type Tier } from './snapshot.ts';
import type { Detail } from './event-log.ts';

/** The way from the sensor ends in the cloud. */
const brokerStamps: Record<Tier, number | null> = { edge: Place.brokerAt, fog: Place.fogBrokerAt, cloud: null };

/** Simulated nodes have no firmware of their own; boards say which they run. */
const FIRMWARE = 'simulated';

export abstract class NetworkedNode {
  readonly identity: NodeIdentity;
  readonly journal: Journal;
  readonly context: NodeContext;
  /** A node that comes back goes on in its streams: its links do not repeat themselves. */
  readonly #upRandom: RandomStream;
  readonly #downRandom: RandomStream;
  #connection: Connection | null = null;
  #links: { up: Link; down: Link } | null = null;
  #state: NodeState = 'off';
  /** Why it is not running, in plain words. */
  reason: string | null = null;

  constructor(context: NodeContext, identity: NodeIdentity) {
    this.context = context;
    this.identity = identity;
    const { kept } = context;
    this.journal = new Journal((identity.tier === 'edge' ? kept : kept.tier).journal);
    this.#upRandom = stream(context.seed, `link/${identity.id}/up`);
    this.#downRandom = stream(context.seed, `link/${identity.id}/down`);
  }

  /** What runs the guest now, in words. */
  abstract readonly runtimeLabel: string;
  abstract readonly guest: LoadedGuest | null;
  protected abstract receive(message: MqttMessage): void;

  get state(): NodeState {
    return this.#state;
  }

  protected setState(state: NodeState, reason: string | null = null): void {
    this.#state = state;
    this.context.columns.state[this.identity.index] = nodeStates.indexOf(state);
    this.reason = reason;
    this.logEvent('state', reason ? `${state}: ${reason}` : state);
  }

  /** Of the last connection; null before the first. */
  get links(): { readonly up: Link; readonly down: Link } | null {
    return this.#links;
  }

  /** Joins the broker: last will first, then subscriptions, then presence. */
  protected connect(kind: LinkKind, subscriptions: Record<string, 0 | 1>): void {
    const { kernel, broker, parameters, retry } = this.context;
    const { id, index, tier } = this.identity;
    const profile = linkProfile(parameters, kind);
    this.#links = { up: new Link(profile, this.#upRandom), down: new Link(profile, this.#downRandom) };
    this.#connection = new Connection({
      kernel,
      broker,
      clientId: id,
      ...this.#links,
      retry,
      keepAliveS: parameters.get('node.keepaliveS'),
      will: this.presence(false),
      brokerStamp: brokerStamps[tier],
      onMessage: (message, bytes) => {
        this.journal.message(kernel.nowUs, 'in', message, bytes);
        // The payload stands with its publication.
        this.logEvent('receive', message.topic);
        this.receive(message);
      },
      onTransfer: (direction, message, lost, attempt) => {
        const { traffic } = this.journal;
        if (attempt > 0) traffic.resent += 1;
        if (lost) {
          traffic.lost += 1;
          this.context.totals.lost += 1;
          this.logEvent('lost', `${direction} ${message.topic}`);
        }
        this.context.onTransfer?.(index, direction, message, lost);
      },
      onAir: tier === 'edge' ? (direction, airtimeUs) => this.onAir(direction, airtimeUs) : null,
      onGiveUp: (message) => this.say('host', `Gave up on ${message.topic} after ${retry.maxRetries} retries.`),
    });
    for (const [filter, qos] of Object.entries(subscriptions)) this.#connection.subscribe(filter, qos);
    this.publish(this.presence(true));
  }

  /** Does nothing while the node is not connected. */
  protected subscribe(filter: string, qos: 0 | 1): void {
    this.#connection?.subscribe(filter, qos);
  }

  /** Falls silent without a goodbye, as a node whose power is cut. */
  protected disconnect(): void {
    this.#connection?.fallSilent();
    this.#connection = null;
  }

  /** Says goodbye to the broker; no last will follows. */
  protected leave(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  publish(message: MqttMessage): void {
    if (!this.#connection) return;
    const bytes = messageBytes(message);
    this.journal.message(this.context.kernel.nowUs, 'out', message, bytes);
    this.context.columns.published[this.identity.index] = this.journal.traffic.messagesOut;
    this.logEvent('publish', message);
    this.#connection.publish(message, bytes);
  }

  /** Says again who this node is: its guest has changed. */
  announce(): void {
    this.publish(this.presence(true));
  }

  /** The radio or port is busy from now on for so long. */
  protected onAir(_direction: 'up' | 'down', _airtimeUs: number): void {}

  protected topic(kind: TopicKind): string {
    return nodeTopic(this.context.root, this.identity.id, kind);
  }

  say(stream: ConsoleLine['stream'], text: string): void {
    this.journal.say(this.context.kernel.nowUs, stream, text);
    this.logEvent(stream === 'out' ? 'log' : stream, text);
  }

  protected logEvent(kind: string, detail: Detail): void {
    const { id, index } = this.identity;
    this.context.log.append(this.context.kernel.nowUs, id, kind, detail, index);
  }

  private presence(online: boolean): MqttMessage {
    const { tier } = this.identity;
    const guest = this.guest && { name: guestTitle(this.guest), sha256: this.guest.sha256 };
    const payload = encodePresence({
      online,
      tier,
      kind: 'simulated',
      runtime: this.runtimeLabel,
      firmware: FIRMWARE,
      guest,
    });
    return { topic: this.topic('presence'), payload, qos: 1, retain: true };
  }
}
