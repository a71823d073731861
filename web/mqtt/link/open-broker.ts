/** MQTT 5 first; 3.1.1 for brokers that know no other. And what it means when neither comes to be. */
import { Connection, type ConnectionFailure, type ConnectionOptions, type MqttVersion, type Opening } from './connection.ts';
import { connackVerdict, type Verdict } from './diagnoses.ts';
import { diagnoseSocket, type ProbeParts } from './probe.ts';
import type { BrokerProfile } from './profile.ts';

/** "Unacceptable protocol version" of 3.1.1, which such a broker answers, and "unsupported" of 5. */
const OTHER_VERSION = [1, 0x84];

/**
 * @param known the version that this broker was found to speak before
 */
export async function openBroker(options: Omit<ConnectionOptions, 'version'>, known: MqttVersion | null): Promise<Opening> {
  const first = await Connection.open({ ...options, version: known ?? 5 });
  if (first.ok || known === 4) return first;
  const { opened, code, timedOut } = first.failure;
  const refused = code !== null && OTHER_VERSION.includes(code);
  const closedAtOnce = opened && code === null && !timedOut;
  if ((!refused && !closedAtOnce) || options.signal?.aborted) return first;
  const second = await Connection.open({ ...options, version: 4 });
  // Where nothing spoke MQTT at all, the first failure says as much as the second.
  return second.ok || refused || second.failure.code !== null ? second : first;
}

export async function explainFailure(
  failure: ConnectionFailure,
  profile: BrokerProfile,
  clientId: string,
  parts: ProbeParts,
): Promise<Verdict> {
  if (failure.code !== null) return connackVerdict(failure.code, profile, clientId);
  if (!failure.opened) return { problem: await diagnoseSocket(profile.url, failure.timedOut, parts), final: false };
  return {
    problem: {
      kind: 'not-mqtt',
      sentence: failure.timedOut
        ? `A WebSocket opened at ${profile.url}, but nobody there answered in MQTT.`
        : `A WebSocket opened at ${profile.url}, but what answers there does not speak MQTT.`,
      advice: [
        "Give the address of the broker's own WebSocket listener: another port or path. Mosquitto's documentation uses port 9001.",
        'If it is the right one, look into the broker\'s log for why it ended the connection.',
      ],
    },
    final: false,
  };
}
