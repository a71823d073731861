/** What comes from the broker, made into what the simulation takes: read, measured, its root taken off. */
import type { IPublishPacket } from 'mqtt';
import type { Incoming } from '../../sim/link-port.ts';

const MAX_TEXT_BYTES = 64 * 1024;
/** The firmware's partition for a guest has 1 MB; some room for its signature and what is to come. */
const MAX_GUEST_BYTES = 1_500_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * @param rootLength characters of the topic root with its slash
 * @param receivedUs microseconds since 1970
 */
export function readIncoming(packet: IPublishPacket, rootLength: number, receivedUs: number): Incoming {
  const topic = packet.topic.slice(rootLength);
  const { properties } = packet;
  const bytes = packet.payload as Uint8Array;
  const isGuest = topic.endsWith('/guest');
  const problem = sizeProblem(bytes.byteLength, isGuest);
  let payload: string | Uint8Array | null = null;
  let unreadable: string | null = problem;
  if (problem === null && isGuest) {
    // A view of the piece that it came in would keep all of that alive.
    payload = new Uint8Array(bytes);
  } else if (problem === null) {
    try {
      payload = utf8.decode(bytes);
    } catch {
      unreadable = 'The payload is no text: its bytes are not UTF-8.';
    }
  }
  return {
    topic,
    payload,
    problem: unreadable,
    qos: packet.qos === 0 ? 0 : 1,
    retain: packet.retain,
    userProperties: properties?.userProperties ? singleValues(properties.userProperties) : null,
    responseTopic: properties?.responseTopic ?? null,
    correlationData: properties?.correlationData ? textOrNull(properties.correlationData) : null,
    receivedUs,
  };
}

/** Under this name a message carries what tells it from all others, however often it is delivered. */
export const MESSAGE_ID = 'mid';

/** Of a name given twice the first value counts. Null when only the message id is there, which is the connection's own. */
function singleValues(all: Record<string, string | string[]>): Record<string, string> | null {
  let single: Record<string, string> | null = null;
  for (const name in all) {
    if (name === MESSAGE_ID) continue;
    const value = all[name];
    (single ??= {})[name] = typeof value === 'string' ? value : value[0];
  }
  return single;
}

function sizeProblem(bytes: number, isGuest: boolean): string | null {
  const most = isGuest ? MAX_GUEST_BYTES : MAX_TEXT_BYTES;
  if (bytes <= most) return null;
  return `The payload has ${bytes} bytes; at most ${most} are taken ${isGuest ? 'for a guest' : 'here'}.`;
}

function textOrNull(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
