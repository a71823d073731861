/**
 * QoS 1 messages until the broker has acknowledged them. Sent in order, some on the way at once; after an outage
 * those not acknowledged go again, in order and under the message id they had, by which receivers know them.
 */
import { utf8Bytes } from '../../protocol/utf8.ts';
import type { Outgoing } from '../../sim/link-port.ts';
import { Fifo } from '../fifo.ts';
import type { Connection, Outcome } from './connection.ts';
import { MESSAGE_ID } from './intake.ts';
import type { OutboxStore, StoredMessage } from './outbox-store.ts';

const MOST_MESSAGES = 200_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** In memory, besides topic and payload. */
const BYTES_EACH = 100;
const STORE_EVERY_MS = 100;
/** What is acknowledged sooner is never stored. */
const STORE_AFTER_MS = 200;

interface Entry {
  message: StoredMessage;
  /** Of topic and payload on the wire; a little more with the rest. */
  size: number;
  stored: boolean;
}

export interface OutboxParts {
  store: OutboxStore;
  /** Why what is not delivered will not be found again, as a sentence; null when it will. */
  storeProblem: string | null;
  nowMs(): number;
  /** For people. */
  say(text: string): void;
  /** A message went out, for the first time or again. */
  onSent(topic: string, payload: string | Uint8Array): void;
}

export class Outbox {
  readonly #parts: OutboxParts;
  #owner = '';
  #clientId = '';
  #sequence = 0;
  /** By sequence, in its order. */
  readonly #entries = new Map<number, Entry>();
  #unsent = new Fifo<Entry>();
  readonly #onTheWay = new Set<number>();
  #connection: Connection | null = null;
  #bytes = 0;
  #dropped = 0;
  #unstored: Entry[] = [];
  /** Handed over before what is left from before was known, which goes first. */
  #early: [string, Outgoing][] | null = [];
  #unneeded: number[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #storing: Promise<void> = Promise.resolve();
  #storeProblem: string | null;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#storeProblem = parts.storeProblem;
  }

  get summary() {
    const oldest = this.#entries.values().next().value;
    return {
      messages: this.#entries.size,
      bytes: this.#bytes,
      oldestMs: oldest ? oldest.message.atMs : null,
      stored: this.#parts.store.lasting && this.#storeProblem === null,
      storeProblem: this.#storeProblem,
      dropped: this.#dropped,
    };
  }

  /** Takes up what this client has left over for this broker. Returns how many messages that is. */
  async open(owner: string, clientId: string): Promise<number> {
    this.#owner = owner;
    this.#clientId = clientId;
    let left: StoredMessage[] = [];
    try {
      left = await this.#parts.store.load(owner);
    } catch (error) {
      this.#storeFailed(error);
    }
    this.#sequence = Math.max(this.#sequence, Math.floor(this.#parts.nowMs() * 1000), left.at(-1)?.sequence ?? 0);
    for (const message of left) this.#enter({ message, size: sizeOf(message), stored: true });
    const early = this.#early ?? [];
    this.#early = null;
    for (const [topic, outgoing] of early) this.add(topic, outgoing);
    return left.length;
  }

  /** @param topic with its root */
  add(topic: string, outgoing: Outgoing): void {
    if (this.#early) {
      this.#early.push([topic, outgoing]);
      return;
    }
    const { payload, retain, userProperties, responseTopic, correlationData, expiryS } = outgoing;
    const rest = { retain, userProperties, responseTopic, correlationData, expiryS };
    const message = { sequence: ++this.#sequence, topic, payload, ...rest, atMs: this.#parts.nowMs() };
    const entry = { message, size: sizeOf(message), stored: false };
    this.#enter(entry);
    this.#unstored.push(entry);
    this.#makeRoom();
    this.#send();
    this.#storeSoon();
  }

  connected(connection: Connection): void {
    this.#connection = connection;
    this.#send();
  }

  /** @param tooLarge the broker ended the connection because of a message's size: sent again, it would do so again */
  disconnected(tooLarge = false): void {
    this.#connection = null;
    const sent = [...this.#onTheWay].flatMap((sequence) => this.#entries.get(sequence) ?? []);
    if (tooLarge && sent.length > 0) {
      const { message } = sent.reduce((a, b) => (b.size > a.size ? b : a));
      this.#giveUp(message.sequence, message.topic, 'it is too large');
    }
    this.#onTheWay.clear();
    this.#unsent = new Fifo();
    for (const entry of this.#entries.values()) this.#unsent.push(entry);
    this.#storeSoon();
  }

  /** Gives up all that the broker has not acknowledged. */
  async discard(): Promise<void> {
    this.#forgetAll();
    const owner = this.#owner;
    await this.#inTurn(() => this.#parts.store.clear(owner));
  }

  /** Leaves what is left over in the store. */
  async close(): Promise<void> {
    this.disconnected();
    await this.#storeNow();
    this.#forgetAll();
  }

  /** Resolves when the broker has acknowledged everything, or the time is over. */
  async drained(withinMs: number): Promise<void> {
    const untilMs = performance.now() + withinMs;
    while (this.#entries.size > 0 && this.#connection?.connected && performance.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  #enter(entry: Entry): void {
    this.#entries.set(entry.message.sequence, entry);
    this.#bytes += entry.size + BYTES_EACH;
    this.#unsent.push(entry);
  }

  /** The oldest goes first: of a reading, as of a command, the latest is worth most. */
  #makeRoom(): void {
    while (this.#entries.size > MOST_MESSAGES || this.#bytes > MOST_BYTES) {
      const oldest = this.#unsent.shift();
      if (!oldest) return;
      this.#remove(oldest.message.sequence);
      this.#dropped += 1;
      this.#parts.say('The outbox is full: its oldest messages are given up.');
    }
  }

  #send(): void {
    const connection = this.#connection;
    if (!connection?.connected) return;
    while (this.#onTheWay.size < connection.window) {
      const entry = this.#unsent.shift();
      if (!entry) return;
      const { message } = entry;
      const { sequence, topic, payload, retain, userProperties, responseTopic, correlationData, expiryS } = message;
      const ageS = Math.max(0, Math.floor((this.#parts.nowMs() - message.atMs) / 1000));
      if (expiryS !== null && ageS >= expiryS) {
        this.#remove(sequence);
        continue;
      }
      if (connection.maximumPacketBytes !== null && entry.size > connection.maximumPacketBytes) {
        this.#giveUp(sequence, topic, `it takes at most ${connection.maximumPacketBytes} bytes`);
        continue;
      }
      this.#onTheWay.add(sequence);
      this.#parts.onSent(topic, payload);
      const options = {
        qos: 1,
        retain,
        userProperties: { ...userProperties, [MESSAGE_ID]: `${this.#clientId}-${sequence}` },
        responseTopic: responseTopic ?? undefined,
        correlationData: correlationData ?? undefined,
        expiryS: expiryS === null ? undefined : expiryS - ageS,
      } as const;
      connection.publish(topic, payload, options, (outcome) => {
        if (this.#connection === connection) this.#answered(sequence, topic, outcome);
      });
    }
  }

  #answered(sequence: number, topic: string, outcome: Outcome): void {
    this.#onTheWay.delete(sequence);
    this.#remove(sequence);
    if (!outcome.ok) this.#sayRefused(topic, reasonWords(outcome.code));
    this.#send();
  }

  #giveUp(sequence: number, topic: string, reason: string): void {
    this.#remove(sequence);
    this.#sayRefused(topic, reason);
  }

  #sayRefused(topic: string, reason: string): void {
    this.#parts.say(`The broker refused a message to ${topic}: ${reason}. It is not sent again.`);
  }

  #remove(sequence: number): void {
    const entry = this.#entries.get(sequence);
    if (!entry) return;
    this.#entries.delete(sequence);
    this.#bytes -= entry.size + BYTES_EACH;
    if (!entry.stored) return;
    this.#unneeded.push(sequence);
    this.#storeSoon();
  }

  #forgetAll(): void {
    this.#entries.clear();
    this.#unsent = new Fifo();
    this.#onTheWay.clear();
    this.#unstored = [];
    this.#unneeded = [];
    this.#bytes = 0;
  }

  #storeSoon(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#storeNow();
    }, STORE_EVERY_MS);
  }

  #storeNow(): Promise<void> {
    const owner = this.#owner;
    return this.#inTurn(async () => {
      const beforeMs = this.#connection ? this.#parts.nowMs() - STORE_AFTER_MS : Infinity;
      const waiting = this.#unstored.filter(({ message }) => this.#entries.has(message.sequence));
      const due = waiting.filter(({ message }) => message.atMs <= beforeMs);
      this.#unstored = waiting.filter(({ message }) => message.atMs > beforeMs);
      for (const entry of due) entry.stored = true;
      const unneeded = this.#unneeded;
      this.#unneeded = [];
      if (due.length > 0) await this.#parts.store.put(owner, due.map(({ message }) => message));
      if (unneeded.length > 0) await this.#parts.store.remove(owner, unneeded);
      if (this.#unstored.length > 0 || this.#unneeded.length > 0) this.#storeSoon();
    });
  }

  /** One after the other: what is removed has been put before. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    this.#storing = this.#storing.then(step).catch((error: unknown) => this.#storeFailed(error));
    return this.#storing;
  }

  #storeFailed(error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    this.#storeProblem = `The browser does not store messages: ${detail.replace(/\.$/, '')}. Those not delivered are lost when this page is closed.`;
    this.#parts.say(this.#storeProblem);
  }
}

function sizeOf({ topic, payload }: StoredMessage): number {
  return utf8Bytes(topic) + (typeof payload === 'string' ? utf8Bytes(payload) : payload.length);
}

/** MQTT 5, section 3.4.2.1. */
function reasonWords(code: number | null): string {
  if (code === 0x87) return 'this user may not publish there';
  if (code === 0x90) return 'it does not take that topic';
  if (code === 0x97) return 'a quota is used up';
  if (code === 0x99) return 'it does not take that payload';
  return code === null ? 'it gave no reason' : `reason code ${code}`;
}
