/**
 * The virtual server. Two streams for each edge node: its raw readings, and those the fog has filtered;
 * the guest runs on both, and what lies between them is the twin's divergence.
 */
import { AnalyticsContent, processedIn, roundedAdc } from '../protocol/content.ts';
import { Place, Stamps } from '../protocol/latency.ts';
import { Message, originOf, Route, telemetryIn, type MqttMessage } from '../protocol/message.ts';
import type { AnomalyCode } from '../protocol/payloads.ts';
import { nodeTopic, parseNodeTopic } from '../protocol/topics.ts';
import { wholeHistory } from './kept-history.ts';
import { LatencyBook } from './latency-book.ts';
import type { BankStream, Filtered } from './stream-bank.ts';
import { StreamNode } from './stream-node.ts';

/** The cloud's shadow of one edge node; NaN for what it has not computed. */
export interface Twin {
  device: string;
  raw: number;
  /** As the fog filtered it. */
  fogEma: number;
  /** The cloud's filter on the raw stream, and on the fog's. */
  rawEma: number;
  cloudEma: number;
  anomaly: AnomalyCode;
  samples: number;
  updatedUs: number;
  /** Null while nobody looks, in a large fleet. */
  latency: LatencyBook | null;
  rawStream: BankStream | null;
  filteredStream: BankStream | null;
}

const nothingComputed = { fogEma: NaN, rawEma: NaN, cloudEma: NaN, anomaly: 0 } as const;

export class CloudNode extends StreamNode {
  /** By the edge node's id. */
  readonly twins = new Map<string, Twin>();
  /** The same by the index of the edge node, where a message tells it. */
  readonly #byOrigin: Twin[] = [];
  readonly #route = new Route();
  readonly #processedTopic = nodeTopic(this.context.root, 'fog', 'processed');
  readonly #analyticsTopic = this.topic('analytics');
  rejected = 0;

  override start(): void {
    const { root, qos } = this.context;
    this.connect('wan', { [nodeTopic(root, '+', 'data')]: qos, [this.#processedTopic]: qos });
    this.started();
  }

  override forget(): void {
    super.forget();
    for (const twin of this.twins.values()) {
      Object.assign(twin, nothingComputed);
      if (twin.latency) twin.latency = new LatencyBook(wholeHistory.readings);
    }
  }

  /** Edge nodes of this index and above are gone. */
  forgetFrom(index: number): void {
    this.#byOrigin.length = Math.min(this.#byOrigin.length, index);
  }

  /** Keeps the latencies of an edge node's readings from now on. */
  listen(device: string): void {
    const twin = this.twins.get(device);
    if (twin) twin.latency ??= new LatencyBook(wholeHistory.readings);
  }

  protected override receive(message: MqttMessage): void {
    if (message.topic === this.#processedTopic) this.#takeFiltered(message);
    else this.#takeRaw(message);
  }

  #takeRaw(message: MqttMessage): void {
    const telemetry = telemetryIn(message);
    if (!telemetry.ok) {
      this.#reject(message.topic, telemetry.reason);
      return;
    }
    const origin = originOf(message);
    const twin = this.#byOrigin[origin] ?? this.#twinOf(message.topic, origin);
    if (twin) this.#updateRaw(twin, telemetry.value.raw, message.stamps);
  }

  #updateRaw(twin: Twin, raw: number, stamps: Stamps | null | undefined): void {
    twin.raw = raw;
    twin.samples += 1;
    twin.updatedUs = this.context.kernel.nowUs;
    twin.rawStream = this.current(twin.rawStream, twin.device);
    if (!twin.rawStream) {
      if (!this.context.fogFilters()) this.#record(twin, new Stamps(stamps ?? null, Place.cloudReceivedAt, twin.updatedUs));
      return;
    }
    const filtered = this.filter(twin.rawStream, raw, true);
    if (!filtered) return;
    twin.rawEma = filtered.ema;
    twin.anomaly = filtered.anomaly;
  }

  #takeFiltered(message: MqttMessage): void {
    const processed = processedIn(message);
    if (!processed.ok) {
      this.#reject(message.topic, processed.reason);
      return;
    }
    const { device, ema } = processed.value;
    // A twin begins with the node's own data: what the fog says of others is not believed.
    const origin = originOf(message);
    const twin = this.#byOrigin[origin] ?? this.twins.get(device);
    if (ema === null || !twin) return;
    const cloudReceivedAt = this.context.kernel.nowUs;
    twin.fogEma = ema;
    twin.updatedUs = cloudReceivedAt;
    const stamps = new Stamps(message.stamps ?? null, Place.cloudReceivedAt, cloudReceivedAt);
    twin.filteredStream = this.current(twin.filteredStream, device);
    if (!twin.filteredStream) {
      this.#record(twin, stamps);
      return;
    }
    const filtered = this.filter(twin.filteredStream, Math.round(ema), false);
    if (!filtered) return;
    twin.cloudEma = filtered.ema;
    // The raw stream's guest may be faulted: there is then nothing to compare with.
    if (Number.isNaN(twin.rawEma)) return;
    this.#publishAnalytics(twin, origin, filtered, stamps);
  }

  /** What is known now goes out when the processor is done; the twin may have moved on by then. */
  #publishAnalytics(twin: Twin, origin: number, { doneUs, cpuMs }: Filtered, stamps: Stamps): void {
    const { kernel } = this.context;
    const native = this.placement === 'native';
    const emaRaw = roundedAdc(twin.rawEma);
    const emaFiltered = roundedAdc(twin.cloudEma);
    const { device, anomaly, samples } = twin;
    kernel.at(doneUs, () => {
      const { nowUs } = kernel;
      const complete = new Stamps(stamps, Place.cloudPublishedAt, nowUs);
      this.#record(twin, complete);
      const sampledAt = stamps.at(Place.sampledAt);
      const content = new AnalyticsContent({
        timestampUs: this.context.wall.epochUs + nowUs,
        device,
        samples,
        emaRaw,
        emaFiltered,
        divergence: roundedAdc(emaRaw - emaFiltered),
        anomaly,
        latencyMs: sampledAt === undefined ? null : (nowUs - sampledAt) / 1000,
        wasmMs: native ? null : cpuMs,
        nativeMs: native ? cpuMs : null,
      });
      this.publish(new Message(this.#analyticsTopic, content, 0, false, complete, origin, this.#route));
    });
  }

  #record(twin: Twin, stamps: Stamps): void {
    this.latency.record(stamps);
    this.context.meter?.arrived(stamps);
    twin.latency?.record(stamps);
  }

  #reject(topic: string, reason: string): void {
    this.rejected += 1;
    this.say('error', `Rejected a message under ${topic}: ${reason}`);
  }

  /** Null for a topic of no node. */
  #twinOf(topic: string, origin: number): Twin | null {
    const device = parseNodeTopic(this.context.root, topic)?.node;
    if (!device) return null;
    const twin = this.twins.get(device) ?? this.#newTwin(device);
    if (origin >= 0) this.#byOrigin[origin] = twin;
    return twin;
  }

  #newTwin(device: string): Twin {
    const { readings } = this.context.kept;
    const twin: Twin = {
      ...nothingComputed,
      device,
      raw: NaN,
      samples: 0,
      updatedUs: 0,
      latency: readings > 0 ? new LatencyBook(readings) : null,
      rawStream: null,
      filteredStream: null,
    };
    this.twins.set(device, twin);
    return twin;
  }
}
