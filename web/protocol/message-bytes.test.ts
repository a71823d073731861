import { describe, expect, it } from 'vitest';
import { messageBytes } from './message-bytes.ts';
import type { MqttMessage } from './message.ts';

const base: MqttMessage = { topic: 'a/b', payload: '', qos: 0, retain: false };

/** Counted by hand from MQTT 5, section 3.3, since radio energy and link delay are made of these bytes. */
const packets: [what: string, message: MqttMessage, bytes: number][] = [
  // 1 type + 1 length + (2+3) topic + 1 property length.
  ['an empty QoS 0 message', base, 8],
  ['its QoS 1 sister, two more for the packet id', { ...base, qos: 1 }, 10],
  ['the retain flag, which is a bit of the first byte', { ...base, retain: true }, 8],
  // 1 + 1 + (2+13) + 1 + 33.
  ['telemetry', { ...base, topic: 'ic/esp32/data', payload: '{"raw":1830,"pct":51,"irrigar":1}' }, 51],
  // 1 + 1 + (2+4) + 1 + 4: each of ç and ã has two bytes, in topic and payload.
  ['text beyond ASCII', { ...base, topic: 'çã', payload: 'çã' }, 13],
  // 1 + 1 + 5 + 2 + 1 + property (1 + 2+9 + 2+4 = 18).
  ['a latency stamp', { ...base, qos: 1, userProperties: { sampledAt: '1000' } }, 28],
  // 1 + 1 + 5 + 1 + (1 + 2+7) + (1 + 2+1).
  ['a request', { ...base, responseTopic: 'a/reply', correlationData: '7' }, 22],
  ['no user properties, named or not', { ...base, userProperties: {} }, 8],
  // Remaining length 5 + 1 + 121 = 127 fits one byte, 128 takes two.
  ['the longest with one length byte', { ...base, payload: 'x'.repeat(121) }, 129],
  ['the shortest with two', { ...base, payload: 'x'.repeat(122) }, 131],
  ['the longest with two (16,383)', { ...base, payload: 'x'.repeat(16_377) }, 16_386],
  ['the shortest with three', { ...base, payload: 'x'.repeat(16_378) }, 16_388],
  ['the shortest with four (2,097,152)', { ...base, payload: 'x'.repeat(2_097_146) }, 2_097_157],
  // Properties of 1 + 2+1 + 2+122 = 128 bytes take two length bytes: 1 + 2 + 5 + 2 + 128.
  ['properties with two length bytes', { ...base, userProperties: { k: 'x'.repeat(122) } }, 138],
];

describe('messageBytes', () => {
  it.each(packets)('counts %s', (_, message, bytes) => {
    expect(messageBytes(message)).toBe(bytes);
  });
});
