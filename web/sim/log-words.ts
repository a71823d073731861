/** Events of the log in words. */
import type { MqttMessage } from '../protocol/message.ts';

const control = /\p{Cc}/u;

/** One line, whatever a guest wrote. */
export function oneLine(text: string): string {
  if (!control.test(text)) return text;
  return JSON.stringify(text).slice(1, -1);
}

export function describeMessage({ topic, payload, qos, retain }: MqttMessage): string {
  return oneLine(`${topic} q${qos}${retain ? 'r' : ''} ${payload}`);
}
