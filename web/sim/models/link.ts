/** One direction of a hop: a queue before a medium of fixed rate, then a drawn delay, in order, with loss. */
import type { Parameters } from '../parameters.ts';
import type { RandomStream } from '../random.ts';

/** Wi-Fi to the broker; broker to fog on one machine; site to cloud. */
export type LinkKind = 'wifi' | 'lan' | 'wan';

export interface LinkProfile {
  latencyMedianMs: number;
  /** Standard deviation of the latency's logarithm: the jitter. */
  latencySigma: number;
  lossProbability: number;
  bandwidthMbps: number;
  /** Headers below MQTT, for each message. */
  overheadBytes: number;
  /** Time the medium is taken for each message besides its bytes. */
  frameOverheadUs: number;
}

export interface Sending {
  /** Virtual time of arrival, or null when the message was lost. */
  deliveredAtUs: number | null;
  /** Time the message took the medium. */
  airtimeUs: number;
  /** Time it waited for the medium. */
  queuedUs: number;
}

export function linkProfile(parameters: Parameters, kind: LinkKind): LinkProfile {
  return {
    latencyMedianMs: parameters.get(`link.${kind}.latencyMedianMs`),
    latencySigma: parameters.get(`link.${kind}.latencySigma`),
    lossProbability: parameters.get(`link.${kind}.lossProbability`),
    bandwidthMbps: parameters.get(`link.${kind}.bandwidthMbps`),
    overheadBytes: parameters.get(`link.${kind}.overheadBytes`),
    frameOverheadUs: parameters.get(`link.${kind}.frameOverheadUs`),
  };
}

export class Link {
  readonly #profile: LinkProfile;
  readonly #random: RandomStream;
  #freeAtUs = 0;
  #lastDeliveryUs = 0;

  constructor(profile: LinkProfile, random: RandomStream) {
    this.#profile = profile;
    this.#random = random;
  }

  /** Bytes on the wire of an MQTT packet of `bytes`. */
  wireBytes(bytes: number): number {
    return bytes + this.#profile.overheadBytes;
  }

  /**
   * Sends an MQTT packet of `bytes` at `nowUs`; calls come in the order of time. A lost message takes
   * the medium too. A message never arrives before one sent earlier, as on a TCP connection. All times
   * are whole microseconds.
   */
  send(nowUs: number, bytes: number): Sending {
    const { latencyMedianMs, latencySigma, lossProbability, bandwidthMbps, frameOverheadUs } = this.#profile;
    const airtimeUs = Math.ceil((this.wireBytes(bytes) * 8) / bandwidthMbps + frameOverheadUs);
    const startUs = Math.max(nowUs, this.#freeAtUs);
    this.#freeAtUs = startUs + airtimeUs;
    // Both are drawn for every message, so that changing the loss leaves the latencies as they were.
    const lost = this.#random.bernoulli(lossProbability);
    const latencyUs = Math.floor(this.#random.lognormal(latencyMedianMs * 1000, latencySigma) + 0.5);
    const queuedUs = startUs - nowUs;
    if (lost) return { deliveredAtUs: null, airtimeUs, queuedUs };
    this.#lastDeliveryUs = Math.max(this.#lastDeliveryUs, this.#freeAtUs + latencyUs);
    return { deliveredAtUs: this.#lastDeliveryUs, airtimeUs, queuedUs };
  }
}
