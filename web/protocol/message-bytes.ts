import { Message, type MqttMessage } from './message.ts';
import { utf8Bytes } from './utf8.ts';

/** Length field of every string and of binary data. */
const LENGTH_BYTES = 2;
const IDENTIFIER_BYTES = 1;

/**
 * Size of the PUBLISH packet that carries `message`, bytes: fixed header, topic, packet id at QoS 1,
 * properties, payload (MQTT 5, section 3.3). TCP, TLS and WebSocket frames are not in it.
 */
export function messageBytes(message: MqttMessage): number {
  return message instanceof Message ? message.bytes : packetBytes(message);
}

/** `messageBytes`, counted anew. */
export function packetBytes(message: MqttMessage): number {
  const { topic, qos, stamps, content, binary, userProperties, responseTopic, correlationData } = message;
  let propertyBytes = stamps?.bytes ?? 0;
  if (responseTopic !== undefined) propertyBytes += IDENTIFIER_BYTES + stringBytes(responseTopic);
  if (correlationData !== undefined) propertyBytes += IDENTIFIER_BYTES + stringBytes(correlationData);
  if (userProperties !== undefined) {
    for (const [name, value] of Object.entries(userProperties)) {
      propertyBytes += IDENTIFIER_BYTES + stringBytes(name) + stringBytes(value);
    }
  }
  const payloadBytes = content?.bytes ?? binary?.byteLength ?? utf8Bytes(message.payload);
  return publishBytes(utf8Bytes(topic), qos, propertyBytes, payloadBytes);
}

/** The same from the sizes of its parts. */
export function publishBytes(topicBytes: number, qos: 0 | 1, propertyBytes: number, payloadBytes: number): number {
  const packetIdBytes = qos === 1 ? 2 : 0;
  const headerBytes = LENGTH_BYTES + topicBytes + packetIdBytes + varintBytes(propertyBytes) + propertyBytes;
  const remainingBytes = headerBytes + payloadBytes;
  return 1 + varintBytes(remainingBytes) + remainingBytes;
}

function stringBytes(text: string): number {
  return LENGTH_BYTES + utf8Bytes(text);
}

/** A variable byte integer carries seven bits a byte (section 1.5.5). */
function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x20_0000 ? 3 : 4;
}
