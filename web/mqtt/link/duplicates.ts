/** Knows a message that has come before. QoS 1 means "at least once": after an outage some come again. */
import type { IPublishPacket } from 'mqtt';
import { MESSAGE_ID } from './intake.ts';

/** A sender has at most some hundred messages on the way; twice this many of its ids are known. */
const IDS_PER_SENDER = 4096;
const MOST_SENDERS = 256;
/** Longer ones are not ours. */
const LONGEST_ID = 128;
/** More than a broker may have on the way to us at once. */
const RECENT = 2048;

/** The last ids, in two generations: the older is forgotten when the younger is full. */
class Generations {
  #young = new Set<string>();
  #old = new Set<string>();

  /** Whether it was there. */
  add(id: string): boolean {
    if (this.#young.has(id) || this.#old.has(id)) return true;
    if (this.#young.size === IDS_PER_SENDER) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(id);
    return false;
  }
}

export class Duplicates {
  readonly #senders = new Map<string, Generations>();
  readonly #recent: (Recent | undefined)[] = new Array<undefined>(RECENT);
  #recentAt = 0;

  /**
   * Whether this delivery repeats an earlier one, which is then to be left out. A retained message is never one:
   * it comes again because we subscribed again.
   */
  seen(packet: IPublishPacket): boolean {
    if (packet.qos === 0 || packet.retain) return false;
    const id = packet.properties?.userProperties?.[MESSAGE_ID];
    if (typeof id === 'string' && id.length <= LONGEST_ID) return this.#sender(id).add(`${id} ${packet.topic}`);
    return this.#redelivered(packet);
  }

  #sender(id: string): Generations {
    const name = id.slice(0, Math.max(0, id.lastIndexOf('-')));
    let sender = this.#senders.get(name);
    if (!sender) {
      // The first of a `Map` is the one that has been there longest.
      if (this.#senders.size === MOST_SENDERS) this.#senders.delete(this.#senders.keys().next().value!);
      this.#senders.set(name, (sender = new Generations()));
    }
    return sender;
  }

  /** A board's message has no id: the broker repeats the delivery under its packet id, with the DUP flag. */
  #redelivered({ dup, messageId, topic, payload }: IPublishPacket): boolean {
    const bytes = payload as Uint8Array;
    const hash = hashOf(bytes);
    const known = (entry: Recent | undefined) =>
      entry !== undefined &&
      entry.messageId === messageId &&
      entry.hash === hash &&
      entry.length === bytes.length &&
      entry.topic === topic;
    if (dup && this.#recent.some(known)) return true;
    this.#recent[this.#recentAt] = { messageId, topic, hash, length: bytes.length };
    this.#recentAt = (this.#recentAt + 1) % RECENT;
    return false;
  }
}

interface Recent {
  messageId: number | undefined;
  topic: string;
  hash: number;
  length: number;
}

/** FNV-1a over 32 bits. */
export function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
