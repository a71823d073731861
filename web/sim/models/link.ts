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
  readonly deliveredAtUs: number | null;
  /** Time the message took the medium. */
  readonly airtimeUs: number;
  /** Time it waited for the medium. */
  readonly queuedUs: number;
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
  readonly #overheadBytes: number;
  readonly #usPerByte: number;
  readonly #frameOverheadUs: number;
  readonly #lossProbability: number;
  readonly #latencyMedianUs: number;
  readonly #latencySigma: number;
  readonly #random: RandomStream;
  /** Of the last call of `send`: made once, because thousands of messages pass in a second. */
  readonly #sending: { -readonly [Key in keyof Sending]: Sending[Key] } = { deliveredAtUs: null, airtimeUs: 0, queuedUs: 0 };
  #freeAtUs = 0;
  #lastDeliveryUs = 0;
  /** Since the link was made: bytes on the wire, messages, those lost among them, and how long they took the medium. */
  readonly carried = { bytes: 0, messages: 0, lost: 0, busyUs: 0 };

  constructor(profile: LinkProfile, random: RandomStream) {
    this.#overheadBytes = profile.overheadBytes;
    this.#usPerByte = 8 / profile.bandwidthMbps;
    this.#frameOverheadUs = profile.frameOverheadUs;
    this.#lossProbability = profile.lossProbability;
    this.#latencyMedianUs = profile.latencyMedianMs * 1000;
    this.#latencySigma = profile.latencySigma;
    this.#random = random;
  }

  /** Bytes on the wire of an MQTT packet of `bytes`. */
  wireBytes(bytes: number): number {
    return bytes + this.#overheadBytes;
  }

  /**
   * Sends an MQTT packet of `bytes` at `nowUs`; calls come in the order of time. A lost message takes
   * the medium too. A message never arrives before one sent earlier, as on a TCP connection. All times
   * are whole microseconds. The answer is good until the next call.
   */
  send(nowUs: number, bytes: number): Sending {
    const sending = this.#sending;
    const startUs = Math.max(nowUs, this.#freeAtUs);
    sending.airtimeUs = Math.ceil(this.wireBytes(bytes) * this.#usPerByte + this.#frameOverheadUs);
    sending.queuedUs = startUs - nowUs;
    this.#freeAtUs = startUs + sending.airtimeUs;
    const { carried } = this;
    carried.bytes += this.wireBytes(bytes);
    carried.messages += 1;
    carried.busyUs += sending.airtimeUs;
    // Both are drawn for every message, so that changing the loss leaves the latencies as they were.
    const lost = this.#random.bernoulli(this.#lossProbability);
    const latencyUs = Math.floor(this.#random.lognormal(this.#latencyMedianUs, this.#latencySigma) + 0.5);
    if (lost) carried.lost += 1;
    else this.#lastDeliveryUs = Math.max(this.#lastDeliveryUs, this.#freeAtUs + latencyUs);
    sending.deliveredAtUs = lost ? null : this.#lastDeliveryUs;
    return sending;
  }
}
