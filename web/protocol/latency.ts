/**
 * Time stamps that ride along in MQTT 5 user properties, so that payloads stay what a guest wrote.
 * Each is written once and carried on with the reading, from the sensor to the cloud.
 */

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

/** Microseconds of the stamping node's clock, integers. */
export type Stamps = Partial<Record<StampName, number>>;

/** As decimal strings. Throws `RangeError` for a stamp that is no integer from 0 to 2^53 - 1. */
export function encodeStamps(stamps: Stamps): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const name of stampNames) {
    const timeUs = stamps[name];
    if (timeUs === undefined) continue;
    if (!Number.isSafeInteger(timeUs) || timeUs < 0) {
      throw new RangeError(`The stamp ${name} must be a whole number of microseconds, not ${timeUs}.`);
    }
    properties[name] = String(timeUs);
  }
  return properties;
}

/** The stamps among a message's user properties; what is no stamp, or not well written, is passed over. */
export function parseStamps(properties: Readonly<Record<string, string>> | undefined): Stamps {
  const stamps: Stamps = {};
  if (properties === undefined) return stamps;
  for (const name of stampNames) {
    if (!Object.hasOwn(properties, name)) continue;
    const text = properties[name]!;
    if (!/^\d{1,16}$/.test(text)) continue;
    const timeUs = Number(text);
    if (Number.isSafeInteger(timeUs)) stamps[name] = timeUs;
  }
  return stamps;
}
