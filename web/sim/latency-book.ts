/** Latency of each hop on the way from the sensor to the cloud, from the stamps that readings carry. */
import { Place, stampNames, type StampName, type Stamps } from '../protocol/latency.ts';
import { RecentValues } from './quantiles.ts';

const hopsByStamp: Record<StampName, string> = {
  sampledAt: '',
  publishedAt: 'guest (sense to publish)',
  brokerAt: 'edge to broker',
  fogReceivedAt: 'broker to fog',
  fogPublishedAt: 'fog compute',
  fogBrokerAt: 'fog to broker',
  cloudReceivedAt: 'broker to cloud',
  cloudPublishedAt: 'cloud compute',
};

/** A hop ends with its stamp and begins with the stamp before it that the reading carries; empty for where all begins. */
export const hopNames: readonly string[] = stampNames.map((name) => hopsByStamp[name]);
const END_TO_END = hopNames.length;

export class LatencyBook {
  readonly #kept: number;
  /** By the place of the stamp that ends the hop, and `END_TO_END` last. */
  readonly #hops: (RecentValues | undefined)[] = new Array<undefined>(END_TO_END + 1);

  /** @param kept samples per hop over which quantiles are taken */
  constructor(kept: number) {
    this.#kept = kept;
  }

  record(stamps: Stamps): void {
    if (this.#kept === 0) return;
    let first = stamps;
    while (first.before) {
      this.#add(first.place, first.timeUs - first.before.timeUs);
      first = first.before;
    }
    if (first.place === Place.sampledAt && first !== stamps) this.#add(END_TO_END, stamps.timeUs - first.timeUs);
  }

  /** Median and 95th percentile, milliseconds; NaN before the first reading. */
  endToEndMs(): [median: number, p95: number] {
    const [median, p95] = this.#hops[END_TO_END]?.quantiles(0.5, 0.95) ?? [NaN, NaN];
    return [median / 1000, p95 / 1000];
  }

  table(): { hop: string; medianMs: number; p95Ms: number; samples: number }[] {
    return [...hopNames, 'end to end'].flatMap((hop, at) => {
      const values = this.#hops[at];
      if (!values) return [];
      const [median, p95] = values.quantiles(0.5, 0.95);
      return [{ hop, medianMs: median / 1000, p95Ms: p95 / 1000, samples: values.size }];
    });
  }

  #add(at: number, durationUs: number): void {
    (this.#hops[at] ??= new RecentValues(this.#kept)).add(durationUs);
  }
}
