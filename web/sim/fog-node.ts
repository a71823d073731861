/** The virtual Raspberry Pi: filters every edge node's readings and passes them on as `processed`. */
import { ProcessedContent, roundedAdc } from '../protocol/content.ts';
import { Place, Stamps } from '../protocol/latency.ts';
import { Message, originOf, Route, telemetryIn, type MqttMessage } from '../protocol/message.ts';
import { nodeTopic, parseNodeTopic } from '../protocol/topics.ts';
import type { BankStream } from './stream-bank.ts';
import { StreamNode } from './stream-node.ts';

/** What the fog has of one edge node. */
interface Source {
  device: string;
  stream: BankStream | null;
}

export class FogNode extends StreamNode {
  readonly #sources = new Map<string, Source>();
  /** The same by the index of the edge node, where a message tells it. */
  readonly #byOrigin: Source[] = [];
  readonly #route = new Route();
  readonly #processedTopic = this.topic('processed');
  /** Readings seen; a relaying fog keeps the count only. */
  stored = 0;
  rejected = 0;

  override start(): void {
    this.connect('lan', { [nodeTopic(this.context.root, '+', 'data')]: this.context.qos });
    this.started();
  }

  /** Edge nodes of this index and above are gone. */
  forgetFrom(index: number): void {
    this.#byOrigin.length = Math.min(this.#byOrigin.length, index);
  }

  protected override receive(message: MqttMessage): void {
    const origin = originOf(message);
    const source = this.#byOrigin[origin] ?? this.#sourceOf(message.topic, origin);
    if (!source) return;
    const telemetry = telemetryIn(message);
    if (!telemetry.ok) {
      this.rejected += 1;
      this.say('error', `Rejected data of ${source.device}: ${telemetry.reason}`);
      return;
    }
    this.stored += 1;
    source.stream = this.current(source.stream, source.device);
    if (!source.stream) return;
    const { raw, percent, irrigate } = telemetry.value;
    const { kernel, qos } = this.context;
    const received = new Stamps(message.stamps ?? null, Place.fogReceivedAt, kernel.nowUs);
    const filtered = this.filter(source.stream, raw, true);
    if (!filtered) return;
    const native = this.placement === 'native';
    const { anomaly, cpuMs } = filtered;
    const ema = roundedAdc(filtered.ema);
    kernel.at(filtered.doneUs, () => {
      const nowUs = kernel.nowUs;
      const timestampUs = this.context.wall.epochUs + nowUs;
      const content = new ProcessedContent({
        timestampUs,
        device: source.device,
        source: this.context.sourceOf(source.device),
        raw,
        percent,
        irrigate,
        ema,
        anomaly,
        wasmMs: native ? null : cpuMs,
        nativeMs: native ? cpuMs : null,
      });
      const stamps = new Stamps(received, Place.fogPublishedAt, nowUs);
      this.publish(new Message(this.#processedTopic, content, qos, false, stamps, origin, this.#route));
    });
  }

  /** Null for a topic of no node. */
  #sourceOf(topic: string, origin: number): Source | null {
    let source = this.#sources.get(topic);
    if (!source) {
      const device = parseNodeTopic(this.context.root, topic)?.node;
      if (!device) return null;
      source = { device, stream: null };
      this.#sources.set(topic, source);
    }
    if (origin >= 0) this.#byOrigin[origin] = source;
    return source;
  }
}
