/** Whose topic is whose, remembered by the topic: the same few come again and again. */
import { Route } from '../protocol/message.ts';
import { checkNodeId, DEFAULT_ROOT, isTopicKind, type TopicKind } from '../protocol/topics.ts';

/** Anybody can make up topics without end. */
const MOST_TOPICS = 50_000;

export interface Address {
  node: string;
  /** Null for a name of the guest's own. */
  kind: TopicKind | null;
}

export class AddressBook {
  readonly #addresses = new Map<string, Address | null>();
  readonly #whole = new Map<string, { full: string; route: Route }>();

  /** @param topic without root; null when it is none of a node */
  of(topic: string): Address | null {
    const known = this.#addresses.get(topic);
    if (known !== undefined) return known;
    const address = read(topic);
    if (this.#addresses.size >= MOST_TOPICS) this.#addresses.clear();
    this.#addresses.set(topic, address);
    return address;
  }

  /** The topic under the world's root, and its route through the world's broker. */
  whole(topic: string): { full: string; route: Route } {
    const known = this.#whole.get(topic);
    if (known) return known;
    const whole = { full: `${DEFAULT_ROOT}/${topic}`, route: new Route() };
    if (this.#whole.size >= MOST_TOPICS) this.#whole.clear();
    this.#whole.set(topic, whole);
    return whole;
  }
}

function read(topic: string): Address | null {
  const nodeEnd = topic.indexOf('/');
  if (nodeEnd < 0) return null;
  const node = topic.slice(0, nodeEnd);
  const kind = topic.slice(nodeEnd + 1);
  if (kind === '' || checkNodeId(node) !== null) return null;
  return { node, kind: isTopicKind(kind) ? kind : null };
}
