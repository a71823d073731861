/** A client that writes down what passes under a filter, with a session that outlives its connection. */
import mqtt, { type MqttClient } from 'mqtt';

interface Heard {
  topic: string;
  payload: string;
  /** What the sender called the message, to tell a second delivery from a second message. */
  mid: string | null;
}

export class Listener {
  readonly #client: MqttClient;
  readonly heard: Heard[] = [];

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload, { properties }) => {
      const mid = (properties?.userProperties as Record<string, string> | undefined)?.mid ?? null;
      this.heard.push({ topic, payload: payload.toString(), mid });
    });
  }

  static async open(url: string, filter: string): Promise<Listener> {
    const client = await mqtt.connectAsync(url, {
      protocolVersion: 5,
      clientId: `listener-${Math.random().toString(16).slice(2)}`,
      clean: false,
      properties: { sessionExpiryInterval: 3600 },
      reconnectPeriod: 200,
    });
    // Reconnecting is what an outage is about, and no error.
    client.on('error', () => undefined);
    const listener = new Listener(client);
    await client.subscribeAsync(filter, { qos: 1 });
    return listener;
  }

  payloads(): Record<string, unknown>[] {
    return this.heard.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
  }

  /** The last payload under a topic. */
  last(topic: string): Record<string, unknown> | undefined {
    const found = this.heard.findLast((each) => each.topic === topic);
    return found && (JSON.parse(found.payload) as Record<string, unknown>);
  }

  close(): Promise<void> {
    return this.#client.endAsync(true);
  }
}
