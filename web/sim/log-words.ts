/** Events of the log in words. */
import type { MqttMessage } from '../protocol/message.ts';
import type { Detail } from './event-log.ts';

const control = /\p{Cc}/u;

/** One line, whatever a guest wrote. */
function oneLine(text: string): string {
  if (!control.test(text)) return text;
  return JSON.stringify(text).slice(1, -1);
}

function describeMessage({ topic, payload, qos, retain }: MqttMessage): string {
  return oneLine(`${topic} q${qos}${retain ? 'r' : ''} ${payload}`);
}

export function words(detail: Detail): string {
  if (typeof detail === 'string') return oneLine(detail);
  return typeof detail === 'number' ? String(detail) : describeMessage(detail);
}
