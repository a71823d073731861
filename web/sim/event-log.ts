/** What happened, in order; its digest tells whether two runs were the same. */
import type { MqttMessage } from '../protocol/message.ts';
import { words } from './log-words.ts';
import { RunDigest } from './run-digest.ts';

/** A message stands for its topic, QoS and payload. */
export type Detail = string | number | MqttMessage;

export interface LoggedEvent {
  timeUs: number;
  node: string;
  kind: string;
  detail: Detail;
}

export class EventLog {
  readonly #digest = new RunDigest();
  readonly #kept: LoggedEvent[] = [];
  readonly #capacity: number;
  #count = 0;

  /** @param capacity events of which the text is kept; the digest covers all */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Events so far, one a line. */
  get lines(): number {
    return this.#count;
  }

  /** The last line, without its time. */
  get last(): string {
    if (this.#kept.length === 0) return '';
    const { node, kind, detail } = this.#kept[(this.#count - 1) % this.#capacity];
    return `${node} ${kind} ${words(detail)}`;
  }

  /** @param _index of the node; -1 for who is none */
  append(timeUs: number, node: string, kind: string, detail: Detail, _index = -1): void {
    const digest = this.#digest;
    digest.number(timeUs);
    digest.text(node);
    digest.text(kind);
    if (typeof detail === 'string') digest.text(detail);
    else if (typeof detail === 'number') digest.number(detail);
    else digestMessage(digest, detail);

    if (this.#count < this.#capacity) this.#kept.push({ timeUs, node, kind, detail });
    else if (this.#capacity > 0) {
      const entry = this.#kept[this.#count % this.#capacity];
      entry.timeUs = timeUs;
      entry.node = node;
      entry.kind = kind;
      entry.detail = detail;
    }
    this.#count += 1;
  }

  /** Of all events so far, sixteen hexadecimal digits. */
  digest(): string {
    return this.#digest.hex();
  }

  /** Those that are still kept, the oldest first. */
  get kept(): readonly LoggedEvent[] {
    const next = this.#count % this.#capacity;
    return this.#count <= this.#capacity ? this.#kept : [...this.#kept.slice(next), ...this.#kept.slice(0, next)];
  }
}

function digestMessage(digest: RunDigest, message: MqttMessage): void {
  digest.text(message.topic);
  digest.number(message.qos + (message.retain ? 2 : 0));
  // Not every payload has been written out.
  if (message.content) message.content.digest(digest);
  else digest.text(message.payload);
}
