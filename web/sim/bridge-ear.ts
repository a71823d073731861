/** The bridge's own client at the world's broker: no node can be called so. */
import type { MqttMessage } from '../protocol/message.ts';
import { DEFAULT_ROOT } from '../protocol/topics.ts';
import type { BrokerPort, BrokerSession } from './broker-port.ts';

const CLIENT_ID = '$bridge';

/** @param hear told of every message but the bridge's own; `replayed` for one that was retained before */
export function listenTo(broker: BrokerPort, hear: (message: MqttMessage, replayed: boolean) => void): BrokerSession {
  let replaying = true;
  const session = broker.connect(CLIENT_ID, {
    keepAliveS: 0,
    cleanStart: true,
    onMessage: (message, packetId, own) => {
      if (packetId !== null) own.acknowledge(packetId);
      hear(message, replaying);
    },
  });
  session.subscribe(`${DEFAULT_ROOT}/#`, 1, { noLocal: true, retainAsPublished: true });
  replaying = false;
  return session;
}
