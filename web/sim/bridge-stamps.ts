/** Latency stamps between the kernel's clock and clocks that count from 1970. */
import { Place, stampNames, Stamps } from '../protocol/latency.ts';

/** As user properties, microseconds since 1970. */
export function stampsToWall(stamps: Stamps | null | undefined, epochUs: number): Record<string, string> | null {
  if (!stamps) return null;
  const properties: Record<string, string> = {};
  for (let stamp: Stamps | null = stamps; stamp !== null; stamp = stamp.before) {
    properties[stampNames[stamp.place]] = String(epochUs + stamp.timeUs);
  }
  return properties;
}

/** Clocks that are measured by pings are off by less. */
const FUTURE_US = 2e6;

/** What the edge node itself stamps; the rest of the way is this page's own to time. */
const sendersPlaces = [Place.sampledAt, Place.publishedAt];

/**
 * Stamps of a message that came from the broker, by the kernel's clock. A sender's stamps are believed as far as its
 * clock is known; the broker stamps nothing, so its time is that of arrival less the way from there.
 * @param properties of the message
 * @param shiftUs taken from the sender's times: kernel time 0 since 1970, and what its clock is ahead by
 * @param brokerUs when the message was at the broker, by the kernel's clock, an integer
 */
export function stampsFromWall(properties: Readonly<Record<string, string>> | null, shiftUs: number, brokerUs: number): Stamps | null {
  let stamps: Stamps | null = null;
  if (properties !== null) {
    for (const place of sendersPlaces) {
      const text = properties[stampNames[place]];
      if (text === undefined || !/^\d{1,16}$/.test(text)) continue;
      const timeUs = Number(text) - shiftUs;
      // Readings that waited at the broker may be older than this world, which is a time below zero; none is of the future.
      if (Number.isSafeInteger(timeUs) && timeUs <= brokerUs + FUTURE_US) stamps = new Stamps(stamps, place, timeUs);
    }
  }
  return new Stamps(stamps, Place.brokerAt, brokerUs);
}
