/** Mosquitto keeps the contract that the in-page broker keeps, so that a simulated fleet behaves as a real one will. */
import { afterAll, beforeAll } from 'vitest';
import { startMosquitto, type RunningMosquitto } from '../../scripts/setup/mosquitto.mjs';
import { describeBrokerContract } from '../../web/mqtt/broker-contract.ts';
import { RealContractClient } from './contract-client.ts';
import { delay } from './open-link.ts';

/** In which the broker notices that a socket was cut. */
const NOTICED_MS = 50;

let broker: RunningMosquitto;
let opened = 0;

beforeAll(async () => {
  broker = await startMosquitto();
});
afterAll(() => broker.stop());

describeBrokerContract('Mosquitto', () => {
  const clients: RealContractClient[] = [];
  return Promise.resolve({
    namespace: `contract${(opened += 1)}`,
    async connect(clientId, options) {
      const client = await RealContractClient.open(broker.url, clientId, options);
      clients.push(client);
      return client;
    },
    async settle() {
      await delay(NOTICED_MS);
      // Twice: the first answer may overtake what the broker has yet to hand from one client to another.
      for (let round = 0; round < 2; round += 1) await Promise.all(clients.map((client) => client.settled()));
    },
    async close() {
      await Promise.all(clients.map((client) => client.end()));
    },
  });
});
