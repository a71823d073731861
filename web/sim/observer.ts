/**
 * The page's own client of the broker: what it shows of readings, results and acknowledgements it has
 * learnt from their topics, as it would of real nodes. Threshold and pump of a row come from the node itself.
 */
import { analyticsIn, processedIn } from '../protocol/content.ts';
import { Place } from '../protocol/latency.ts';
import { originOf, telemetryIn, type MqttMessage } from '../protocol/message.ts';
import {
  parseConfigAck,
  parsePresence,
  type ConfigAck,
} from '../protocol/payloads.ts';
import { nodeTopic, parseNodeTopic } from '../protocol/topics.ts';
import type { BrokerPort, BrokerSession } from './broker-port.ts';
import type { EdgeNode } from './edge-node.ts';
import type { HourlyWeather } from './models/weather.ts';
import type { NodeColumns } from './snapshot.ts';

const CLIENT_ID = 'page';
const HOUR_US = 3_600e6;

/** What the topics said of one edge node, beside what stands in the fleet's columns. */
export interface Seen {
  ack: ConfigAck | null;
  /** Configurations sent and not acknowledged yet. */
  configsPending: number;
}

export interface ObserverOptions {
  broker: BrokerPort;
  root: string;
  edges: EdgeNode[];
  weather: HourlyWeather;
  columns: NodeColumns;
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
  readonly #processedTopic: string;
  readonly #analyticsTopic: string;

  constructor(options: ObserverOptions) {
    const { broker, root, edges } = options;
    this.#options = options;
    this.#indexOf = new Map(edges.map((edge, index) => [edge.identity.id, index]));
    this.#processedTopic = nodeTopic(root, 'fog', 'processed');
    this.#analyticsTopic = nodeTopic(root, 'cloud', 'analytics');
    this.seen = edges.map(() => ({ ack: null, configsPending: 0 }));
    this.#session = broker.connect(CLIENT_ID, {
      keepAliveS: 0,
      cleanStart: true,
      onMessage: (message) => this.#take(message),
    });
    this.#session.subscribe(`${root}/#`, 0);
  }

  /** What fog and cloud had computed is void. */
  forget(): void {
    this.#options.columns.anomaly.fill(0);
  }

  publish(message: MqttMessage): void {
    this.#session.publish(message);
  }

  #take(message: MqttMessage): void {
    this.messages += 1;
    if (message.retain) return;
    const { topic } = message;
    const origin = originOf(message);
    if (topic === this.#processedTopic) this.#processed(message, origin);
    else if (topic === this.#analyticsTopic) this.#analytics(message, origin);
    else if (origin >= 0) this.#data(origin, message);
    else if (topic.endsWith('/data')) this.#data(this.#indexOf.get(this.#nodeOf(message)) ?? -1, message);
    else if (topic.endsWith('/config/ack')) this.#acknowledged(message);
    else if (topic.endsWith('/presence')) this.#presence(message);
  }

  #data(index: number, message: MqttMessage): void {
    const telemetry = telemetryIn(message);
    if (index < 0 || !telemetry.ok) return;
    const { edges, columns, weather, nowUs } = this.#options;
    const edge = edges[index];
    const { raw, percent } = telemetry.value;
    columns.raw[index] = raw;
    columns.percent[index] = percent;
    if (!edge.series.keeps) return;
    edge.series.open(this.#sampledS(message), {
      raw,
      percent,
      fogEma: NaN,
      cloudEma: NaN,
      threshold: edge.config.threshold,
      rain: weather.at(Math.floor(nowUs() / HOUR_US)).rainMmPerHour,
      pump: edge.board.pumpOn ? 1 : 0,
    });
  }

  #processed(message: MqttMessage, origin: number): void {
    const processed = processedIn(message);
    if (!processed.ok) return;
    const { device, ema, anomaly } = processed.value;
    const index = origin >= 0 ? origin : this.#indexOf.get(device);
    if (index === undefined || ema === null) return;
    this.#options.columns.anomaly[index] = anomaly ?? 0;
    this.#options.edges[index].series.fill(this.#sampledS(message), 'fogEma', ema);
  }

  #analytics(message: MqttMessage, origin: number): void {
    const analytics = analyticsIn(message);
    if (!analytics.ok) return;
    const { device, emaFiltered } = analytics.value;
    const index = origin >= 0 ? origin : this.#indexOf.get(device);
    if (index === undefined || emaFiltered === null) return;
    this.#options.edges[index].series.fill(this.#sampledS(message), 'cloudEma', emaFiltered);
  }

  #acknowledged(message: MqttMessage): void {
    const index = this.#indexOf.get(this.#nodeOf(message));
    const ack = parseConfigAck(message.payload);
    if (index === undefined || !ack.ok) return;
    this.seen[index].ack = ack.value;
    // A node that reconnects acknowledges the retained configuration once more.
    this.seen[index].configsPending = Math.max(0, this.seen[index].configsPending - 1);
  }

  #presence(message: MqttMessage): void {
    const presence = parsePresence(message.payload);
    if (presence.ok && !presence.value.online) this.#options.onLastWill(this.#nodeOf(message));
  }

  #nodeOf({ topic }: MqttMessage): string {
    return parseNodeTopic(this.#options.root, topic)?.node ?? '';
  }

  /** When the reading was taken; boards that stamp nothing are given the time of arrival. */
  #sampledS(message: MqttMessage): number {
    return (message.stamps?.at(Place.sampledAt) ?? this.#options.nowUs()) / 1e6;
  }
}
