/**
 * The page's own client of the broker: what it shows of readings, results and acknowledgements it has
 * learnt from their topics, as it would of real nodes. Threshold and pump of a row come from the node itself.
 */
import { parseStamps } from '../protocol/latency.ts';
import type { MqttMessage } from '../protocol/message.ts';
import {
  parseAnalytics,
  parseConfigAck,
  parsePresence,
  parseProcessed,
  parseTelemetry,
  type ConfigAck,
} from '../protocol/payloads.ts';
import { parseNodeTopic } from '../protocol/topics.ts';
import type { BrokerPort, BrokerSession } from './broker-port.ts';
import type { EdgeNode } from './edge-node.ts';
import type { HourlyWeather } from './models/weather.ts';

const CLIENT_ID = 'page';
const HOUR_US = 3_600e6;

/** What the topics said of one edge node. */
export interface Seen {
  raw: number;
  percent: number;
  anomaly: number;
  fogEma: number;
  cloudEma: number;
  ack: ConfigAck | null;
  /** Configurations sent and not acknowledged yet. */
  configsPending: number;
}

export interface ObserverOptions {
  broker: BrokerPort;
  root: string;
  edges: EdgeNode[];
  weather: HourlyWeather;
  nowUs(): number;
  /** The broker has published a node's last will. */
  onLastWill(id: string): void;
}

export class Observer {
  readonly seen: Seen[];
  messages = 0;
  readonly #session: BrokerSession;
  readonly #options: ObserverOptions;
  readonly #indexOf: Map<string, number>;

  constructor(options: ObserverOptions) {
    const { broker, root, edges } = options;
    this.#options = options;
    this.#indexOf = new Map(edges.map((edge, index) => [edge.identity.id, index]));
    this.seen = edges.map(() => ({
      raw: NaN,
      percent: NaN,
      anomaly: 0,
      fogEma: NaN,
      cloudEma: NaN,
      ack: null,
      configsPending: 0,
    }));
    this.#session = broker.connect(CLIENT_ID, {
      keepAliveS: 0,
      cleanStart: true,
      onMessage: (message) => this.#take(message),
    });
    this.#session.subscribe(`${root}/#`, 0);
  }

  /** What fog and cloud had computed is void. */
  forget(): void {
    for (const seen of this.seen) Object.assign(seen, { fogEma: NaN, cloudEma: NaN, anomaly: 0 });
  }

  publish(message: MqttMessage): void {
    this.#session.publish(message);
  }

  #take(message: MqttMessage): void {
    this.messages += 1;
    const topic = parseNodeTopic(this.#options.root, message.topic);
    if (!topic || message.retain) return;
    if (topic.kind === 'data') this.#data(topic.node, message);
    else if (topic.kind === 'processed' && topic.node === 'fog') this.#processed(message);
    else if (topic.kind === 'analytics' && topic.node === 'cloud') this.#analytics(message);
    else if (topic.kind === 'config/ack') this.#acknowledged(topic.node, message);
    else if (topic.kind === 'presence') this.#presence(topic.node, message);
  }

  #data(device: string, message: MqttMessage): void {
    const index = this.#indexOf.get(device);
    const telemetry = parseTelemetry(message.payload);
    if (index === undefined || !telemetry.ok) return;
    const seen = this.seen[index];
    const edge = this.#options.edges[index];
    seen.raw = telemetry.value.raw;
    seen.percent = telemetry.value.percent;
    edge.series.open(this.#sampledS(message), {
      raw: seen.raw,
      percent: seen.percent,
      fogEma: NaN,
      cloudEma: NaN,
      threshold: edge.config.threshold,
      rain: this.#options.weather.at(Math.floor(this.#options.nowUs() / HOUR_US)).rainMmPerHour,
      pump: edge.board.pumpOn ? 1 : 0,
    });
  }

  #processed(message: MqttMessage): void {
    const processed = parseProcessed(message.payload);
    if (!processed.ok) return;
    const { device, ema, anomaly } = processed.value;
    const index = this.#indexOf.get(device);
    if (index === undefined || ema === null) return;
    this.seen[index].fogEma = ema;
    this.seen[index].anomaly = anomaly ?? 0;
    this.#options.edges[index].series.fill(this.#sampledS(message), 'fogEma', ema);
  }

  #analytics(message: MqttMessage): void {
    const analytics = parseAnalytics(message.payload);
    if (!analytics.ok) return;
    const { device, emaFiltered } = analytics.value;
    const index = this.#indexOf.get(device);
    if (index === undefined || emaFiltered === null) return;
    this.seen[index].cloudEma = emaFiltered;
    this.#options.edges[index].series.fill(this.#sampledS(message), 'cloudEma', emaFiltered);
  }

  #acknowledged(device: string, message: MqttMessage): void {
    const index = this.#indexOf.get(device);
    const ack = parseConfigAck(message.payload);
    if (index === undefined || !ack.ok) return;
    this.seen[index].ack = ack.value;
    // A node that reconnects acknowledges the retained configuration once more.
    this.seen[index].configsPending = Math.max(0, this.seen[index].configsPending - 1);
  }

  #presence(id: string, message: MqttMessage): void {
    const presence = parsePresence(message.payload);
    if (presence.ok && !presence.value.online) this.#options.onLastWill(id);
  }

  /** When the reading was taken; boards that stamp nothing are given the time of arrival. */
  #sampledS(message: MqttMessage): number {
    return (parseStamps(message.userProperties).sampledAt ?? this.#options.nowUs()) / 1e6;
  }
}
