/**
 * The virtual server. Two streams for each edge node: its raw readings, and those the fog has filtered;
 * the guest runs on both, and what lies between them is the twin's divergence.
 */
import { encodeStamps, parseStamps, type Stamps } from '../protocol/latency.ts';
import type { MqttMessage } from '../protocol/message.ts';
import {
  encodeAnalytics,
  parseProcessed,
  parseTelemetry,
  type AnomalyCode,
  type Processed,
} from '../protocol/payloads.ts';
import { nodeTopic, parseNodeTopic } from '../protocol/topics.ts';
import { LatencyBook } from './latency-book.ts';
import { StreamNode } from './stream-node.ts';

/** The cloud's shadow of one edge node; NaN for what it has not computed. */
export interface Twin {
  raw: number;
  /** As the fog filtered it. */
  fogEma: number;
  /** The cloud's filter on the raw stream, and on the fog's. */
  rawEma: number;
  cloudEma: number;
  anomaly: AnomalyCode;
  samples: number;
  updatedUs: number;
  latency: LatencyBook;
}

export class CloudNode extends StreamNode {
  readonly twins = new Map<string, Twin>();
  rejected = 0;

  override start(): void {
    const { root } = this.context;
    this.connect('wan', [nodeTopic(root, '+', 'data'), nodeTopic(root, '+', 'processed')]);
    this.started();
  }

  protected override forget(): void {
    for (const twin of this.twins.values()) Object.assign(twin, { rawEma: NaN, cloudEma: NaN, anomaly: 0 });
  }

  protected override receive(message: MqttMessage): void {
    const parsed = parseNodeTopic(this.context.root, message.topic);
    const stamps = { ...parseStamps(message.userProperties), cloudReceivedAt: this.context.kernel.nowUs };
    if (parsed?.kind === 'data') this.#takeRaw(parsed.node, message.payload, stamps);
    else if (parsed?.kind === 'processed') this.#takeFiltered(message.payload, stamps);
  }

  #takeRaw(device: string, payload: string, stamps: Stamps): void {
    const telemetry = parseTelemetry(payload);
    if (!telemetry.ok) {
      this.#reject(device, telemetry.reason);
      return;
    }
    const twin = this.#twin(device);
    const { raw } = telemetry.value;
    twin.raw = raw;
    twin.samples += 1;
    twin.updatedUs = this.context.kernel.nowUs;
    const result = this.visit(`${device}/raw`, (visit) => ({
      anomaly: visit.detectAnomaly(raw) as AnomalyCode,
      ema: visit.filterValue(raw),
    }));
    if (result) {
      twin.rawEma = result.value.ema;
      twin.anomaly = result.value.anomaly;
    } else if (this.placement === 'relay' && !this.context.fogFilters()) this.#record(twin, stamps);
  }

  #takeFiltered(payload: string, stamps: Stamps): void {
    const processed = parseProcessed(payload);
    if (!processed.ok) {
      this.#reject('the fog', processed.reason);
      return;
    }
    const { device, ema } = processed.value;
    if (ema === null) return;
    const twin = this.#twin(device);
    twin.fogEma = ema;
    twin.updatedUs = this.context.kernel.nowUs;
    const result = this.visit(`${device}/filtered`, (visit) => visit.filterValue(Math.round(ema)));
    if (!result) {
      if (this.placement === 'relay') this.#record(twin, stamps);
      return;
    }
    twin.cloudEma = result.value;
    // The raw stream's guest may be faulted: there is then nothing to compare with.
    if (Number.isNaN(twin.rawEma)) return;
    this.context.kernel.at(result.doneUs, () => this.#analyse(processed.value, twin, result.cpuUs / 1000, stamps));
  }

  #analyse({ device }: Processed, twin: Twin, cpuMs: number, stamps: Stamps): void {
    const timestampUs = this.context.kernel.nowUs;
    const complete = { ...stamps, cloudPublishedAt: timestampUs };
    this.#record(twin, complete);
    const native = this.placement === 'native';
    this.publish({
      topic: this.topic('analytics'),
      payload: encodeAnalytics({
        timestampUs,
        device,
        samples: twin.samples,
        emaRaw: twin.rawEma,
        emaFiltered: twin.cloudEma,
        divergence: twin.rawEma - twin.cloudEma,
        anomaly: twin.anomaly,
        latencyMs: stamps.sampledAt === undefined ? null : (timestampUs - stamps.sampledAt) / 1000,
        wasmMs: native ? null : cpuMs,
        nativeMs: native ? cpuMs : null,
      }),
      qos: 0,
      retain: false,
      userProperties: encodeStamps(complete),
    });
  }

  #record(twin: Twin, stamps: Stamps): void {
    this.latency.record(stamps);
    twin.latency.record(stamps);
  }

  #reject(device: string, reason: string): void {
    this.rejected += 1;
    this.say('error', `Rejected a message of ${device}: ${reason}`);
  }

  #twin(device: string): Twin {
    let twin = this.twins.get(device);
    if (!twin) {
      twin = {
        raw: NaN,
        fogEma: NaN,
        rawEma: NaN,
        cloudEma: NaN,
        anomaly: 0,
        samples: 0,
        updatedUs: 0,
        latency: new LatencyBook(64),
      };
      this.twins.set(device, twin);
    }
    return twin;
  }
}
