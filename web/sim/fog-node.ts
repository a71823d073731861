/** The virtual Raspberry Pi: filters every edge node's readings and passes them on as `processed`. */
import { encodeStamps, parseStamps } from '../protocol/latency.ts';
import type { MqttMessage } from '../protocol/message.ts';
import { encodeProcessed, parseTelemetry } from '../protocol/payloads.ts';
import { nodeTopic, parseNodeTopic } from '../protocol/topics.ts';
import { StreamNode } from './stream-node.ts';

export class FogNode extends StreamNode {
  /** Readings seen, by edge node; a relaying fog keeps the count only. */
  readonly stored = new Map<string, number>();
  rejected = 0;

  override start(): void {
    this.connect('lan', { [nodeTopic(this.context.root, '+', 'data')]: this.context.qos });
    this.started();
  }

  protected override receive(message: MqttMessage): void {
    const device = parseNodeTopic(this.context.root, message.topic)?.node;
    if (!device) return;
    const telemetry = parseTelemetry(message.payload);
    if (!telemetry.ok) {
      this.rejected += 1;
      this.say('error', `Rejected data of ${device}: ${telemetry.reason}`);
      return;
    }
    this.stored.set(device, (this.stored.get(device) ?? 0) + 1);
    const { raw, percent, irrigate } = telemetry.value;
    const receivedUs = this.context.kernel.nowUs;
    const result = this.visit(device, (visit) => ({
      anomaly: visit.detectAnomaly(raw),
      ema: visit.filterValue(raw),
    }));
    if (!result) return;
    const cpuMs = result.cpuUs / 1000;
    const native = this.placement === 'native';
    const stamps = { ...parseStamps(message.userProperties), fogReceivedAt: receivedUs };
    this.context.kernel.at(result.doneUs, () => {
      const timestampUs = this.context.kernel.nowUs;
      this.publish({
        topic: this.topic('processed'),
        payload: encodeProcessed({
          timestampUs,
          device,
          source: 'simulated',
          raw,
          percent,
          irrigate,
          ema: result.value.ema,
          anomaly: result.value.anomaly,
          wasmMs: native ? null : cpuMs,
          nativeMs: native ? cpuMs : null,
        }),
        qos: this.context.qos,
        retain: false,
        userProperties: encodeStamps({ ...stamps, fogPublishedAt: timestampUs }),
      });
    });
  }
}
