/** mqtt.js as a client of the broker contract. */
import mqtt from 'mqtt';
import type { IPublishPacket, MqttClient } from 'mqtt';
import { WebSocket } from 'ws';
import type { ContractClient, ContractOptions } from '../../web/mqtt/broker-contract.ts';
import type { MqttMessage } from '../../web/protocol/message.ts';
import type { SubscribeOptions } from '../../web/sim/broker-port.ts';

const SESSION_S = 3600;
/** First byte of a PUBACK packet. */
const PUBACK = 0x40;

export class RealContractClient implements ContractClient {
  readonly received: MqttMessage[] = [];
  readonly #client: MqttClient;
  readonly #socket: () => WebSocket;
  #sessionPresent = false;

  private constructor(client: MqttClient, socket: () => WebSocket) {
    this.#client = client;
    this.#socket = socket;
    client.on('message', (_topic, _payload, packet) => this.received.push(messageOf(packet)));
  }

  static open(url: string, clientId: string, { cleanStart = true, will, acknowledges = true }: ContractOptions = {}): Promise<RealContractClient> {
    let socket: WebSocket;
    const client = mqtt.connect(url, {
      clientId,
      protocolVersion: 5,
      clean: cleanStart,
      properties: { sessionExpiryInterval: cleanStart ? 0 : SESSION_S },
      reconnectPeriod: 0,
      forceNativeWebSocket: true,
      createWebsocket: (address, protocols) => (socket = acknowledges ? new WebSocket(address, protocols) : new DeafSocket(address, protocols)),
      ...(will ? { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: will.qos, retain: will.retain } } : {}),
    });
    const contract = new RealContractClient(client, () => socket);
    return new Promise((resolve, reject) => {
      client.once('error', reject);
      client.once('connect', ({ sessionPresent }) => {
        contract.#sessionPresent = sessionPresent;
        resolve(contract);
      });
    });
  }

  get sessionPresent(): boolean {
    return this.#sessionPresent;
  }

  async subscribe(filter: string, qos: 0 | 1, { noLocal = false, retainAsPublished = false }: SubscribeOptions = {}): Promise<void> {
    await this.#client.subscribeAsync(filter, { qos, nl: noLocal, rap: retainAsPublished });
  }

  async unsubscribe(filter: string): Promise<void> {
    await this.#client.unsubscribeAsync(filter);
  }

  async publish({ topic, payload, qos, retain, userProperties, responseTopic, correlationData }: MqttMessage): Promise<void> {
    const properties = {
      ...(userProperties ? { userProperties: { ...userProperties } } : {}),
      ...(responseTopic === undefined ? {} : { responseTopic }),
      ...(correlationData === undefined ? {} : { correlationData: Buffer.from(correlationData) }),
    };
    await this.#client.publishAsync(topic, payload, { qos, retain, properties });
  }

  async disconnect(): Promise<void> {
    await this.#client.endAsync();
  }

  cut(): Promise<void> {
    this.#socket().terminate();
    return Promise.resolve();
  }

  /** What the broker had sent before it answers has been read when this resolves. */
  settled(): Promise<void> {
    if (!this.#client.connected) return Promise.resolve();
    return new Promise((resolve) => {
      const read = ({ cmd }: { cmd: string }): void => {
        if (cmd !== 'pingresp') return;
        this.#client.off('packetreceive', read);
        resolve();
      };
      this.#client.on('packetreceive', read);
      this.#client.once('close', resolve);
      this.#client.sendPing();
    });
  }

  async end(): Promise<void> {
    await this.#client.endAsync(true);
  }
}

/** mqtt.js handles no second message before the first is acknowledged, so the acknowledgements are lost on the way. */
class DeafSocket extends WebSocket {
  override send(data: Uint8Array): void {
    if (data[0] !== PUBACK) super.send(data);
  }
}

function messageOf({ topic, payload, qos, retain, properties = {} }: IPublishPacket): MqttMessage {
  const { userProperties, responseTopic, correlationData } = properties;
  return {
    topic,
    payload: String(payload),
    qos: qos === 0 ? 0 : 1,
    retain,
    ...(userProperties ? { userProperties: { ...userProperties } as Record<string, string> } : {}),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData: String(correlationData) }),
  };
}
