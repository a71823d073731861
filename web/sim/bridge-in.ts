/** The way in: messages of the broker outside in the form of the world's own. */
import { Message, type MqttMessage } from '../protocol/message.ts';
import { DEFAULT_ROOT } from '../protocol/topics.ts';
import type { AddressBook } from './bridge-address.ts';
import { stampsFromWall } from './bridge-stamps.ts';
import type { Incoming } from './link-port.ts';
import type { Slot } from './slot.ts';

/** @param root on the broker outside */
export function innerMessage(incoming: Incoming, payload: string | Uint8Array, retain: boolean, root: string): MqttMessage {
  const { topic, qos, userProperties, responseTopic, correlationData } = incoming;
  const inside = responseTopic?.startsWith(`${root}/`) ? DEFAULT_ROOT + responseTopic.slice(root.length) : null;
  return {
    topic: `${DEFAULT_ROOT}/${topic}`,
    ...(typeof payload === 'string' ? { payload } : { payload: '', binary: payload }),
    qos,
    retain,
    ...(userProperties !== null && { userProperties }),
    ...(inside !== null && { responseTopic: inside }),
    ...(correlationData !== null && { correlationData }),
  };
}

/**
 * A reading, with the times of its way.
 * @param epochUs of kernel time 0, since 1970
 * @param oneWayUs from the broker to this page
 */
export function innerReading(
  { identity, peer }: Slot,
  { topic, userProperties, receivedUs, qos }: Incoming,
  payload: string,
  book: AddressBook,
  epochUs: number,
  oneWayUs: number,
): Message {
  const brokerUs = peer.brokerTimeUs(receivedUs - oneWayUs - epochUs);
  const stamps = stampsFromWall(userProperties, Math.round(epochUs + peer.clock.offsetUs), brokerUs);
  const { full, route } = book.whole(topic);
  return new Message(full, payload, qos, false, stamps, identity.index, route);
}
