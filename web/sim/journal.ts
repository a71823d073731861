/** What the inspector shows of a node's past: console, messages, traffic. */
import type { MqttMessage } from '../protocol/message.ts';
import { Ring } from './ring.ts';
import type { ConsoleLine, MessageRecord } from './snapshot.ts';

/** How much of its past a node keeps. */
export interface JournalSize {
  consoleLines: number;
  messages: number;
}

interface Passed {
  timeUs: number;
  direction: 'in' | 'out';
  message: MqttMessage;
}

export class Journal {
  readonly #console: Ring<ConsoleLine>;
  readonly #messages: Ring<Passed>;
  #keepsMessages: boolean;
  readonly traffic = { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0, lost: 0, resent: 0 };

  constructor({ consoleLines, messages }: JournalSize) {
    this.#console = new Ring(consoleLines);
    this.#messages = new Ring(messages);
    this.#keepsMessages = messages > 0;
  }

  /** Keeps so much from now on, if that is more than before. */
  widen({ consoleLines, messages }: JournalSize): void {
    this.#console.widen(consoleLines);
    this.#messages.widen(messages);
    this.#keepsMessages = true;
  }

  say(timeUs: number, stream: ConsoleLine['stream'], text: string): void {
    this.#console.push({ timeUs, stream, text });
  }

  /** @param bytes on the wire */
  message(timeUs: number, direction: 'in' | 'out', message: MqttMessage, bytes: number): void {
    if (this.#keepsMessages) this.#messages.push({ timeUs, direction, message });
    const { traffic } = this;
    if (direction === 'in') {
      traffic.messagesIn += 1;
      traffic.bytesIn += bytes;
    } else {
      traffic.messagesOut += 1;
      traffic.bytesOut += bytes;
    }
  }

  console(): ConsoleLine[] {
    return this.#console.toArray();
  }

  messages(): MessageRecord[] {
    return this.#messages.toArray().map(({ timeUs, direction, message }) => {
      const { topic, payload, qos, retain } = message;
      return { timeUs, direction, topic, payload, qos, retain };
    });
  }
}
