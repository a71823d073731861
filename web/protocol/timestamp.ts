/** Points in time inside JSON payloads: Unix seconds with decimals, or ISO 8601 text from scripts. */
import * as v from 'valibot';

/** 2106: past this, microseconds survive the way through seconds no longer. */
const MAX_SECONDS = 4_294_967_296;
const message = 'must be Unix seconds up to 2106 or an ISO 8601 date and time';

const isoText = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})([.,]\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/;

/** Integer microseconds, or NaN. Text without an offset is taken as UTC, so that every reader agrees. */
function isoToUs(text: string): number {
  const match = isoText.exec(text);
  if (match === null) return NaN;
  const [, date, time, fraction = '.0', offset = 'Z'] = match;
  return Date.parse(`${date}T${time}${offset}`) * 1000 + Math.round(Number(`0.${fraction.slice(1)}`) * 1e6);
}

/** From the wire to integer microseconds. */
export const timestampSchema = v.pipe(
  v.union([v.number(), v.string()], message),
  v.transform((wire) => (typeof wire === 'string' ? isoToUs(wire) : Math.round(wire * 1e6))),
  v.number(message),
  v.minValue(0, message),
  v.maxValue(MAX_SECONDS * 1e6, message),
);

export function timestampWire(timestampUs: number): number {
  return timestampUs / 1e6;
}
