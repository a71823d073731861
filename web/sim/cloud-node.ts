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

type Computed = Pick<Twin, 'rawEma' | 'cloudEma' | 'anomaly' | 'samples'> & { cpuMs: number; native: boolean };

/** Readings over which a twin's latencies are taken. */
const TWIN_SAMPLES = 64;
const nothingComputed = { fogEma: NaN, rawEma: NaN, cloudEma: NaN, anomaly: 0 } as const;

export class CloudNode extends StreamNode {
  readonly twins = new Map<string, Twin>();
  rejected = 0;

  override start(): void {
    const { root, qos } = this.context;
    this.connect('wan', { [nodeTopic(root, '+', 'data')]: qos, [nodeTopic(root, 'fog', 'processed')]: qos });
    this.started();
  }

  override forget(): void {
    super.forget();
    for (const twin of this.twins.values()) Object.assign(twin, { ...nothingComputed, latency: new LatencyBook(TWIN_SAMPLES) });
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
      anomaly: visit.detectAnomaly(raw),
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
    // A twin begins with the node's own data: what the fog says of others is not believed.
    const twin = this.twins.get(device);
    if (ema === null || !twin) return;
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
    const { rawEma, cloudEma, anomaly, samples } = twin;
    const computed = { rawEma, cloudEma, anomaly, samples, cpuMs: result.cpuUs / 1000, native: this.placement === 'native' };
    this.context.kernel.at(result.doneUs, () => this.#publishAnalytics(device, twin, computed, stamps));
  }

  /** @param computed as it was when the cloud had computed it: the twin may have moved on */
  #publishAnalytics(device: string, twin: Twin, computed: Computed, stamps: Stamps): void {
    const { rawEma, cloudEma, anomaly, samples, cpuMs, native } = computed;
    const timestampUs = this.context.kernel.nowUs;
    const complete = { ...stamps, cloudPublishedAt: timestampUs };
    this.#record(twin, complete);
    this.publish({
      topic: this.topic('analytics'),
      payload: encodeAnalytics({
        timestampUs,
        device,
        samples,
        emaRaw: rawEma,
        emaFiltered: cloudEma,
        divergence: rawEma - cloudEma,
        anomaly,
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
        ...nothingComputed,
        raw: NaN,
        samples: 0,
        updatedUs: 0,
        latency: new LatencyBook(TWIN_SAMPLES),
      };
      this.twins.set(device, twin);
    }
    return twin;
  }
}
