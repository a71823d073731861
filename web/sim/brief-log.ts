/**
 * The log of a world that nobody looks at: no line is kept, and its digest is taken over numbers where `EventLog` takes
 * texts, which costs a fifth. It covers every event's time, node and kind; of a message its size, telemetry by its
 * values, of fog and cloud what they have computed, all else by its text; of other events the whole detail, but of a
 * reception, whose message stands with its publication, the topic's length.
 */
import { AnalyticsContent, ProcessedContent } from '../protocol/content.ts';
import { telemetryIn, type MqttMessage } from '../protocol/message.ts';
import { messageBytes } from '../protocol/message-bytes.ts';
import { EventLog, type Detail } from './event-log.ts';
import { RunDigest } from './run-digest.ts';

export class BriefLog extends EventLog {
  readonly #digest = new RunDigest();
  #count = 0;

  constructor() {
    super(0);
  }

  override get lines(): number {
    return this.#count;
  }

  override append(timeUs: number, node: string, kind: string, detail: Detail, index = -1): void {
    this.#count += 1;
    const digest = this.#digest;
    digest.number(timeUs);
    if (index < 0) digest.text(node);
    else digest.whole(index);
    digest.whole(kindCode(kind));
    if (typeof detail === 'number') digest.number(detail);
    else if (typeof detail !== 'string') digestMessage(digest, detail);
    else if (kind === 'receive') digest.whole(detail.length);
    else digest.text(detail);
  }

  override digest(): string {
    return this.#digest.hex();
  }
}

/** Tells the kinds of `NetworkedNode.logEvent` from each other. */
function kindCode(kind: string): number {
  return (kind.charCodeAt(0) << 16) | (kind.charCodeAt(2) << 8) | kind.length;
}

function digestMessage(digest: RunDigest, message: MqttMessage): void {
  digest.whole(messageBytes(message) * 4 + message.qos * 2 + (message.retain ? 1 : 0));
  const { content } = message;
  if (content instanceof ProcessedContent) {
    const { ema, anomaly } = content.value;
    digest.number(ema ?? NaN);
    digest.whole(anomaly ?? -1);
  } else if (content instanceof AnalyticsContent) {
    const { emaRaw, emaFiltered, latencyMs } = content.value;
    digest.number(emaRaw);
    digest.number(emaFiltered ?? NaN);
    digest.number(latencyMs ?? NaN);
  } else if (content) content.digest(digest);
  else digestText(digest, message);
}

function digestText(digest: RunDigest, message: MqttMessage): void {
  const telemetry = message.topic.endsWith('/data') ? telemetryIn(message) : null;
  if (!telemetry?.ok) {
    digest.text(message.payload);
    return;
  }
  const { raw, percent, irrigate, sequence } = telemetry.value;
  digest.whole(raw);
  digest.number(irrigate ? -1 - percent : percent);
  digest.number(sequence ?? -1);
}
