/**
 * Offset of another node's clock from this machine's, by Cristian's method: the answer to a ping was stamped some time
 * between its sending and its arrival, half way if both ways take equally long. Of the last pings the one with the
 * shortest round trip bounds the error best, as in NTP's clock filter (RFC 5905, section 10).
 */
const PINGS_KEPT = 8;

interface Ping {
  offsetUs: number;
  roundTripUs: number;
}

export class ClockEstimate {
  readonly #pings: Ping[] = [];
  /** Pings answered in all. */
  samples = 0;

  /** Microseconds since 1970: sent and received by this machine's clock, stamped by the other's. */
  add(sentUs: number, stampedUs: number, receivedUs: number): void {
    const roundTripUs = receivedUs - sentUs;
    if (!(roundTripUs >= 0)) return;
    this.samples += 1;
    this.#pings.push({ offsetUs: stampedUs - (sentUs + roundTripUs / 2), roundTripUs });
    if (this.#pings.length > PINGS_KEPT) this.#pings.shift();
  }

  /** The other clock less this one; 0 before the first ping. */
  get offsetUs(): number {
    return this.#best()?.offsetUs ?? 0;
  }

  /** The offset is right within this; infinite before the first ping. */
  get errorUs(): number {
    const best = this.#best();
    return best ? best.roundTripUs / 2 : Infinity;
  }

  #best(): Ping | null {
    let best: Ping | null = null;
    for (const ping of this.#pings) if (!best || ping.roundTripUs < best.roundTripUs) best = ping;
    return best;
  }
}
