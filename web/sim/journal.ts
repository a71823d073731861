/** What the inspector shows of a node's past: console, messages, traffic. */
import type { MqttMessage } from '../protocol/message.ts';
import { Ring } from './ring.ts';
import type { ConsoleLine, MessageRecord } from './snapshot.ts';

const CONSOLE_LINES = 500;
const MESSAGES = 200;

export class Journal {
  readonly #console = new Ring<ConsoleLine>(CONSOLE_LINES);
  readonly #messages = new Ring<MessageRecord>(MESSAGES);
  readonly traffic = { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0, lost: 0, resent: 0 };

  say(timeUs: number, stream: ConsoleLine['stream'], text: string): void {
    this.#console.push({ timeUs, stream, text });
  }

  /** @param bytes on the wire */
  message(timeUs: number, direction: 'in' | 'out', message: MqttMessage, bytes: number): void {
    const { topic, payload, qos, retain } = message;
    this.#messages.push({ timeUs, direction, topic, payload, qos, retain });
    if (direction === 'in') {
      this.traffic.messagesIn += 1;
      this.traffic.bytesIn += bytes;
    } else {
      this.traffic.messagesOut += 1;
      this.traffic.bytesOut += bytes;
    }
  }

  console(): ConsoleLine[] {
    return this.#console.toArray();
  }

  messages(): MessageRecord[] {
    return this.#messages.toArray();
  }
}
