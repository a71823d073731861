/** The way out: what the page's nodes say, and what the page tells those of others, in the form of the broker outside. */
import type { MqttMessage } from '../protocol/message.ts';
import { encodePresence, parsePresence, type Presence } from '../protocol/payloads.ts';
import { DEFAULT_ROOT } from '../protocol/topics.ts';
import { stampsToWall } from './bridge-stamps.ts';
import type { Outgoing, ToLink } from './link-port.ts';

/** A request or a module that its node does not fetch within so long is not to strike it later. */
const EXPIRY_S: Partial<Record<string, number>> = { cmd: 30, guest: 600 };

export class BridgeOut {
  readonly #post: (message: ToLink) => void;
  #outgoing: Outgoing[] = [];
  #published = 0;
  /** Topic root on the broker outside, and this page's client id there. */
  root = '';
  clientId = '';

  constructor(post: (message: ToLink) => void) {
    this.#post = post;
  }

  get published(): number {
    return this.#published;
  }

  /** Hands over what has gathered. */
  flush(): void {
    if (this.#outgoing.length === 0) return;
    this.#post({ kind: 'publish', messages: this.#outgoing });
    this.#outgoing = [];
  }

  forget(): void {
    this.#outgoing = [];
  }

  push(message: Outgoing): void {
    this.#published += 1;
    this.#outgoing.push(message);
  }

  /** @param epochUs of kernel time 0, since 1970 */
  send(message: MqttMessage, epochUs: number): void {
    const stamps = stampsToWall(message.stamps, epochUs);
    const properties = message.userProperties ? { ...message.userProperties, ...stamps } : stamps;
    this.push(this.#outer(message, message.binary ?? message.payload, properties));
  }

  /** A node of this page has said who it is: its own connection's last will follows it. */
  announce(node: string, message: MqttMessage): void {
    const presence = parsePresence(message.payload);
    if (!presence.ok) return;
    const owned = { ...presence.value, owner: this.clientId };
    if (owned.online) {
      this.#post({ kind: 'hold', node, online: encodePresence(owned), offline: encodePresence({ ...owned, online: false }) });
    } else {
      this.release(node);
      this.push(this.#outer(message, encodePresence(owned), null));
    }
  }

  /** This page does not run the node any more, and nobody else has taken it over. */
  withdraw(node: string): void {
    this.release(node);
    const presence: Presence = { online: false, tier: null, kind: 'simulated', runtime: null, firmware: null, guest: null, owner: this.clientId };
    this.push({
      topic: `${node}/presence`,
      payload: encodePresence(presence),
      qos: 1,
      retain: true,
      userProperties: null,
      responseTopic: null,
      correlationData: null,
      expiryS: null,
    });
  }

  /** The node's own connection ends, without its last will. */
  release(node: string): void {
    this.#post({ kind: 'release', node });
  }

  #outer(message: MqttMessage, payload: string | Uint8Array, userProperties: Record<string, string> | null): Outgoing {
    const { topic, qos, retain, responseTopic, correlationData } = message;
    return {
      topic: topic.slice(DEFAULT_ROOT.length + 1),
      payload,
      qos,
      retain,
      userProperties,
      responseTopic: responseTopic === undefined ? null : this.root + responseTopic.slice(DEFAULT_ROOT.length),
      correlationData: correlationData ?? null,
      expiryS: EXPIRY_S[topic.slice(topic.lastIndexOf('/') + 1)] ?? null,
    };
  }
}
