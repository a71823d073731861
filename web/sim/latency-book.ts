/** Latency of each hop on the way from the sensor to the cloud, from the stamps that readings carry. */
import { stampNames, type StampName, type Stamps } from '../protocol/latency.ts';
import { RecentValues } from './quantiles.ts';

const END_TO_END = 'end to end';

/** A hop ends with its stamp and begins with the stamp before it that the reading carries. */
const hopNames: Partial<Record<StampName, string>> = {
  publishedAt: 'guest (sense to publish)',
  brokerAt: 'edge to broker',
  fogReceivedAt: 'broker to fog',
  fogPublishedAt: 'fog compute',
  fogBrokerAt: 'fog to broker',
  cloudReceivedAt: 'broker to cloud',
  cloudPublishedAt: 'cloud compute',
};

export class LatencyBook {
  readonly #kept: number;
  readonly #hops = new Map<string, RecentValues>();

  /** @param kept samples per hop over which quantiles are taken */
  constructor(kept: number) {
    this.#kept = kept;
  }

  record(stamps: Stamps): void {
    let before: number | undefined;
    let first: number | undefined;
    for (const name of stampNames) {
      const timeUs = stamps[name];
      if (timeUs === undefined) continue;
      const hop = hopNames[name];
      if (hop && before !== undefined) this.#add(hop, timeUs - before);
      first ??= timeUs;
      before = timeUs;
    }
    if (first !== undefined && before !== undefined && stamps.sampledAt !== undefined) {
      this.#add(END_TO_END, before - first);
    }
  }

  /** Median and 95th percentile, milliseconds; NaN before the first reading. */
  endToEndMs(): [median: number, p95: number] {
    const [median, p95] = this.#hops.get(END_TO_END)?.quantiles(0.5, 0.95) ?? [NaN, NaN];
    return [median / 1000, p95 / 1000];
  }

  table(): { hop: string; medianMs: number; p95Ms: number; samples: number }[] {
    return [...Object.values(hopNames), END_TO_END].flatMap((hop) => {
      const values = this.#hops.get(hop);
      if (!values) return [];
      const [median, p95] = values.quantiles(0.5, 0.95);
      return [{ hop, medianMs: median / 1000, p95Ms: p95 / 1000, samples: values.size }];
    });
  }

  #add(hop: string, durationUs: number): void {
    let values = this.#hops.get(hop);
    if (!values) this.#hops.set(hop, (values = new RecentValues(this.#kept)));
    values.add(durationUs);
  }
}
