/** MQTT clients as pages and boards have them, with what they received at hand. */
import { connect, type IClientOptions, type MqttClient } from 'mqtt';

export interface Received {
  topic: string;
  payload: string;
}

export class Client {
  readonly mqtt: MqttClient;
  readonly received: Received[] = [];
  #waiting: (() => void)[] = [];

  private constructor(mqtt: MqttClient) {
    this.mqtt = mqtt;
    mqtt.on('message', (topic, payload) => {
      this.received.push({ topic, payload: payload.toString() });
      for (const look of this.#waiting) look();
    });
    // A cut connection shows in what the test looks at.
    mqtt.on('error', () => undefined);
  }

  /** Rejects with the broker's reason when it lets nobody in. Speaks MQTT 5 unless told otherwise, and never reconnects. */
  static open(url: string, options: IClientOptions = {}): Promise<Client> {
    // Listened to before it connects: what waited for it comes in the same breath as the broker's answer.
    const client = new Client(connect(url, { protocolVersion: 5, reconnectPeriod: 0, ...options }));
    return new Promise((resolve, reject) => {
      client.mqtt.once('connect', () => resolve(client));
      client.mqtt.once('error', (error) => {
        client.mqtt.end(true);
        reject(error);
      });
      client.mqtt.once('close', () => reject(new Error(`${url} closed the connection.`)));
    });
  }

  /** Resolves when a message with this topic has come. */
  saw(topic: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`Nothing came under ${topic}.`)), 8_000);
      const look = () => {
        if (!this.received.some((message) => message.topic === topic)) return;
        clearTimeout(deadline);
        this.#waiting = this.#waiting.filter((other) => other !== look);
        resolve();
      };
      this.#waiting.push(look);
      look();
    });
  }

  get topics(): string[] {
    return this.received.map(({ topic }) => topic);
  }

  /** Publishes at QoS 1; the broker's refusal as its reason code, or 0. */
  async publish(topic: string, payload: string | Buffer = 'x', retain = false): Promise<number> {
    try {
      const packet = await this.mqtt.publishAsync(topic, payload, { qos: 1, retain });
      return (packet as { reasonCode?: number } | undefined)?.reasonCode ?? 0;
    } catch (error) {
      return (error as { code?: number }).code ?? -1;
    }
  }

  async subscribe(filter: string): Promise<void> {
    await this.mqtt.subscribeAsync(filter, { qos: 1 });
  }

  async close(): Promise<void> {
    await this.mqtt.endAsync(true);
  }
}
