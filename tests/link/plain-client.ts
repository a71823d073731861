/** A client of mqtt.js and nothing else: the far end, and boards. */
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { WebSocket } from 'ws';

/** As many as Mosquitto lets a client have on the way at once. */
const WINDOW = 20;

export interface Received {
  topic: string;
  payload: string;
  retain: boolean;
  mid: string | null;
}

export class PlainClient {
  readonly received: Received[] = [];
  readonly #client: MqttClient;

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload, { retain, properties }) => {
      const mid = properties?.userProperties?.mid;
      this.received.push({ topic, payload: String(payload), retain, mid: typeof mid === 'string' ? mid : null });
    });
  }

  /** @param sessionS how long the broker keeps its session; with one it seeks the broker again by itself */
  static open(url: string, clientId: string, sessionS = 0, login: { username?: string; password?: string } = {}): Promise<PlainClient> {
    const client = mqtt.connect(url, {
      ...login,
      clientId,
      protocolVersion: 5,
      clean: sessionS === 0,
      properties: { sessionExpiryInterval: sessionS },
      reconnectPeriod: sessionS === 0 ? 0 : 100,
      // The two must agree in one process: mqtt.js chooses its streams once for all.
      forceNativeWebSocket: true,
      createWebsocket: (address, protocols) => new WebSocket(address, protocols),
    });
    const plain = new PlainClient(client);
    return new Promise((resolve, reject) => {
      client.once('connect', () => resolve(plain));
      client.once('error', reject);
    });
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  async subscribe(filter: string): Promise<void> {
    await this.#client.subscribeAsync(filter, { qos: 1 });
  }

  /** Publishes so that the broker keeps it for those who come later. */
  async retain(topic: string, payload: string): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1, retain: true });
  }

  /** Resolves when the broker has acknowledged it. */
  async publish(topic: string, payload: string | Buffer, userProperties?: Record<string, string>, qos: 0 | 1 = 1): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos, ...(userProperties ? { properties: { userProperties } } : {}) });
  }

  /** Numbers from 0 up, at QoS 1; resolves when all are acknowledged. */
  async publishMany(topic: string, count: number): Promise<void> {
    let next = 0;
    const one = async (): Promise<void> => {
      while (next < count) await this.publish(topic, String(next++));
    };
    await Promise.all(Array.from({ length: WINDOW }, one));
  }

  async end(): Promise<void> {
    await this.#client.endAsync(true);
  }
}
