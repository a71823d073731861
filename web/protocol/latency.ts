/**
 * Time stamps that ride along in MQTT 5 user properties, so that payloads stay what a guest wrote.
 * Each is written once and carried on with the reading, from the sensor to the cloud.
 */
import { digits } from './number-bytes.ts';

/** In the order of the way. Names of the properties on the wire, too. */
export const stampNames = [
  /** The sensor's reading was complete. */
  'sampledAt',
  /** The edge node's guest published. */
  'publishedAt',
  /** The telemetry reached the broker. */
  'brokerAt',
  'fogReceivedAt',
  'fogPublishedAt',
  /** The fog's result reached the broker. */
  'fogBrokerAt',
  'cloudReceivedAt',
  'cloudPublishedAt',
] as const;
export type StampName = (typeof stampNames)[number];

/** The place of each name on the way. */
export const Place = Object.fromEntries(stampNames.map((name, place) => [name, place])) as Record<StampName, number>;

/** Of a user property: its identifier and the lengths of name and value (MQTT 5, section 2.2.2.2). */
const PROPERTY_BYTES = 5;

/** By place: of a stamp without its value. */
const nameBytes = stampNames.map((name) => PROPERTY_BYTES + name.length);

/** Times come in nearly the same length one after the other. */
const sameLength = { from: 0, to: 0, digits: 0 };

function timeDigits(timeUs: number): number {
  if (timeUs >= sameLength.from && timeUs < sameLength.to) return sameLength.digits;
  const count = digits(timeUs);
  if (timeUs >= 10) Object.assign(sameLength, { from: 10 ** (count - 1), to: 10 ** count, digits: count });
  return count;
}

/** The last stamp and those before it: a chain, because readings share their way up to where it parts. */
export class Stamps {
  readonly before: Stamps | null;
  /** Index into `stampNames`. */
  readonly place: number;
  /** Microseconds of the stamping node's clock, an integer. */
  readonly timeUs: number;
  /** Of all stamps as user properties. */
  readonly bytes: number;

  constructor(before: Stamps | null, place: number, timeUs: number) {
    this.before = before;
    this.place = place;
    this.timeUs = timeUs;
    this.bytes = (before === null ? 0 : before.bytes) + nameBytes[place] + timeDigits(timeUs);
  }

  /** Of one stamp among these; undefined for one that was not made. */
  at(place: number): number | undefined {
    return this.place === place ? this.timeUs : this.before?.at(place);
  }
}

/** As decimal strings. Throws `RangeError` for a stamp that is no integer from 0 to 2^53 - 1. */
export function encodeStamps(stamps: Stamps | null): Record<string, string> {
  const properties: Record<string, string> = {};
  for (let stamp = stamps; stamp !== null; stamp = stamp.before) {
    const { place, timeUs } = stamp;
    if (!Number.isSafeInteger(timeUs) || timeUs < 0) {
      throw new RangeError(`The stamp ${stampNames[place]} must be a whole number of microseconds, not ${timeUs}.`);
    }
    properties[stampNames[place]] = String(timeUs);
  }
  return properties;
}

/** The stamps among a message's user properties; what is no stamp, or not well written, is passed over. */
export function parseStamps(properties: Readonly<Record<string, string>> | undefined): Stamps | null {
  let stamps: Stamps | null = null;
  if (properties === undefined) return stamps;
  for (const [place, name] of stampNames.entries()) {
    if (!Object.hasOwn(properties, name)) continue;
    const text = properties[name]!;
    if (!/^\d{1,16}$/.test(text)) continue;
    const timeUs = Number(text);
    if (Number.isSafeInteger(timeUs)) stamps = new Stamps(stamps, place, timeUs);
  }
  return stamps;
}
