/** A virtual board at the broker that the page has joined, over a WebSocket of its own. */
import type { BoardBrokerConnection, BoardBrokerOptions } from '../devices/virtual-board/firmware/network-port.ts';
import { connackVerdict, endVerdict } from '../mqtt/link/diagnoses.ts';
import type { OpenSocket } from '../mqtt/link/gathering-socket.ts';
import { readIncoming } from '../mqtt/link/intake.ts';
import { openBroker } from '../mqtt/link/open-broker.ts';
import type { MqttMessage } from '../protocol/message.ts';
import type { Incoming } from '../sim/link-port.ts';

const CONNECT_MS = 10_000;

/** Resolves with a sentence when it fails. */
export async function connectOverSocket(
  url: string,
  credentials: { username: string; password: string },
  { clientId, will, onMessage, onEnd }: BoardBrokerOptions,
  openSocket: OpenSocket,
): Promise<BoardBrokerConnection | string> {
  const opened = await openBroker(
    {
      url,
      ...credentials,
      clientId,
      sessionS: 0,
      will: { topic: will.topic, payload: will.payload },
      openSocket,
      timeoutMs: CONNECT_MS,
      onMessage: (packet, arrivedMs) => {
        const message = readIncoming(packet, 0, Math.round(arrivedMs * 1000));
        if (message.payload !== null) onMessage(asMessage(message, message.payload));
      },
      onEnd: ({ reasonCode, overflowed }) => onEnd(endVerdict(reasonCode, overflowed).problem.sentence),
    },
    null,
  );
  if (!opened.ok) {
    const { code } = opened.failure;
    if (code === null) return `The broker at ${new URL(url).host} could not be reached.`;
    const profile = { id: '', name: '', url, username: credentials.username, root: '', clientId };
    return connackVerdict(code, profile, clientId).problem.sentence;
  }
  const { connection } = opened;
  return {
    subscribe: (topic) => void connection.subscribe(topic, 1, false),
    publish: ({ topic, payload, binary, qos, retain, userProperties, responseTopic, correlationData }, acknowledged) => {
      const options = { qos, retain, userProperties: userProperties && { ...userProperties }, responseTopic, correlationData };
      // A refusal would be the same the next time, so it counts as delivered.
      connection.publish(topic, binary ?? payload, options, qos === 1 ? acknowledged : undefined);
    },
    close: () => void connection.end(true),
    cut: () => connection.cut(),
  };
}

function asMessage({ topic, qos, retain, userProperties, responseTopic, correlationData }: Incoming, payload: string | Uint8Array): MqttMessage {
  return {
    topic,
    ...(typeof payload === 'string' ? { payload } : { payload: '', binary: payload }),
    qos,
    retain,
    ...(userProperties !== null && { userProperties }),
    ...(responseTopic !== null && { responseTopic }),
    ...(correlationData !== null && { correlationData }),
  };
}
