/** A virtual board at the broker that runs inside this page. */
import type { BoardBrokerConnection, BoardBrokerOptions } from '../devices/virtual-board/firmware/network-port.ts';
import type { BrokerPort } from '../sim/broker-port.ts';

export function connectToPageBroker(broker: BrokerPort, options: BoardBrokerOptions): BoardBrokerConnection {
  const { clientId, keepAliveS, will, onMessage, onEnd } = options;
  const session = broker.connect(clientId, {
    will,
    keepAliveS,
    cleanStart: true,
    onMessage: (message, packetId, own) => {
      if (packetId !== null) own.acknowledge(packetId);
      onMessage(message);
    },
    onClose: onEnd,
  });
  return {
    subscribe: (topic) => {
      session.subscribe(topic, 1);
    },
    publish: (message, acknowledged) => {
      if (!session.connected) return;
      session.publish(message);
      if (message.qos === 1) acknowledged();
    },
    close: () => session.disconnect(),
    cut: () => {
      // A later connection under the same id is none of this one's.
      if (session.connected) broker.drop(clientId);
    },
  };
}
