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
import type { HourlyWeather } from './models/weather.ts';
import type { Series } from './series.ts';
import type { NodeColumns } from './snapshot.ts';
import type { Tap } from './tap.ts';

/** No node can be called so. */
const CLIENT_ID = '$page';
const HOUR_US = 3_600e6;

/** What the topics said of one edge node, beside what stands in the fleet's columns. */
export interface Seen {
  ack: ConfigAck | null;
  /** Configurations sent and not acknowledged yet. */
  configsPending: number;
  /** Null before the first presence. */
  online: boolean | null;
}

/** An edge node as the chart shows it, simulated or real. */
export interface Charted {
  readonly series: Series;
  /** ADC counts. */
  readonly threshold: number;
  readonly pumpOn: boolean;
}

export interface ObserverOptions {
  broker: BrokerPort;
  root: string;
  weather: HourlyWeather;
  columns: NodeColumns;
  /** False: of what passes it takes in the presences alone, which tell of last wills. */
  listens: boolean;
  nowUs(): number;
  /** The broker has published a node's last will. */
  onLastWill(id: string): void;
}

export class Observer {
  /** By the index of the edge node; empty at fog and cloud. */
  readonly seen: Seen[] = [];
  /** Told what edge nodes say of new guests; null while nobody asks. */
  onGuestState: ((index: number, message: MqttMessage) => void) | null = null;
  messages = 0;
  /** Where readings are kept; null while nothing is. */
  tap: Tap | null = null;
  readonly #charted: Charted[] = [];
  readonly #session: BrokerSession;
  readonly #options: ObserverOptions;
  readonly #indexOf = new Map<string, number>();
  readonly #processedTopic: string;
  readonly #analyticsTopic: string;

  constructor(options: ObserverOptions) {
    const { broker, root } = options;
    this.#options = options;
    this.#processedTopic = nodeTopic(root, 'fog', 'processed');
    this.#analyticsTopic = nodeTopic(root, 'cloud', 'analytics');
    this.#session = broker.connect(CLIENT_ID, {
      keepAliveS: 0,
      cleanStart: true,
      onMessage: (message) => this.#take(message),
    });
    this.#session.subscribe(options.listens ? `${root}/#` : nodeTopic(root, '+', 'presence'), 0);
  }

  /** Shows an edge node's readings from now on, in place of who was shown under that index before. */
  show(index: number, id: string, charted: Charted): void {
    this.#indexOf.set(id, index);
    this.#charted[index] = charted;
    this.seen[index] ??= { ack: null, configsPending: 0, online: null };
  }

  /** Edge nodes of this index and above are gone. */
  forgetFrom(index: number): void {
    for (const [id, at] of this.#indexOf) if (at >= index) this.#indexOf.delete(id);
    this.#charted.length = Math.min(this.#charted.length, index);
    this.seen.length = Math.min(this.seen.length, index);
    this.tap?.forgetFrom(index);
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
    else if (topic.endsWith('/guest/state')) this.#updated(message);
  }

  #data(index: number, message: MqttMessage): void {
    const telemetry = telemetryIn(message);
    // A node may be gone while its message was on its way; so below.
    const charted = this.#charted[index];
    if (!charted || !telemetry.ok) return;
    const { columns, weather, nowUs } = this.#options;
    const { series, threshold, pumpOn } = charted;
    const { raw, percent, irrigate } = telemetry.value;
    columns.raw[index] = raw;
    columns.percent[index] = percent;
    this.tap?.reading(index, this.#sampledUs(message), raw, percent, irrigate);
    if (!series.keeps) return;
    series.open(this.#sampledUs(message) / 1e6, {
      raw,
      percent,
      fogEma: NaN,
      cloudEma: NaN,
      threshold,
      rain: weather.at(Math.floor(nowUs() / HOUR_US)).rainMmPerHour,
      pump: pumpOn ? 1 : 0,
    });
  }

  #processed(message: MqttMessage, origin: number): void {
    const processed = processedIn(message);
    if (!processed.ok) return;
    const { device, ema, anomaly } = processed.value;
    const index = origin >= 0 ? origin : (this.#indexOf.get(device) ?? -1);
    const charted = this.#charted[index];
    if (!charted || ema === null) return;
    const { columns } = this.#options;
    const sampledUs = this.#sampledUs(message);
    if (this.tap) {
      this.tap.filtered(index, sampledUs, ema);
      if (anomaly !== null && anomaly !== columns.anomaly[index]) this.tap.anomaly(index, sampledUs, anomaly);
    }
    columns.anomaly[index] = anomaly ?? 0;
    charted.series.fill(sampledUs / 1e6, 'fogEma', ema);
  }

  #analytics(message: MqttMessage, origin: number): void {
    const analytics = analyticsIn(message);
    if (!analytics.ok) return;
    const { device, emaFiltered, latencyMs } = analytics.value;
    const index = origin >= 0 ? origin : (this.#indexOf.get(device) ?? -1);
    const charted = this.#charted[index];
    if (!charted || emaFiltered === null) return;
    const sampledUs = this.#sampledUs(message);
    this.tap?.analysed(index, sampledUs, emaFiltered, latencyMs);
    charted.series.fill(sampledUs / 1e6, 'cloudEma', emaFiltered);
  }

  #acknowledged(message: MqttMessage): void {
    const index = this.#indexOf.get(this.#nodeOf(message));
    const ack = parseConfigAck(message.payload);
    if (index === undefined || !ack.ok) return;
    this.seen[index].ack = ack.value;
    this.tap?.acknowledged(index, ack.value, message.payload);
    // A node that reconnects acknowledges the retained configuration once more.
    this.seen[index].configsPending = Math.max(0, this.seen[index].configsPending - 1);
  }

  #presence(message: MqttMessage): void {
    const presence = parsePresence(message.payload);
    if (!presence.ok) return;
    const node = this.#nodeOf(message);
    const index = this.#indexOf.get(node);
    const seen = index === undefined ? undefined : this.seen[index];
    const { online } = presence.value;
    // Presences are renewed; only a change is worth a word.
    if (seen && seen.online !== online) this.tap?.presence(index!, online);
    if (seen) seen.online = online;
    if (!online) this.#options.onLastWill(node);
  }

  #updated(message: MqttMessage): void {
    const index = this.#indexOf.get(this.#nodeOf(message));
    if (index !== undefined) this.onGuestState?.(index, message);
  }

  #nodeOf({ topic }: MqttMessage): string {
    return parseNodeTopic(this.#options.root, topic)?.node ?? '';
  }

  /** When the reading was taken; boards that stamp nothing are given the time at the broker. */
  #sampledUs(message: MqttMessage): number {
    const { stamps } = message;
    return stamps?.at(Place.sampledAt) ?? stamps?.at(Place.brokerAt) ?? this.#options.nowUs();
  }
}
