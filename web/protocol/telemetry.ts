/**
 * What the guest of an edge node publishes under `data`: `{"raw":1830,"pct":51,"irrigar":1}`, and
 * `{"umidade":1830,"pct":51,"seco":1}` from the older boards in the field.
 */
import * as v from 'valibot';
import { decimal, flag, integer, parseJson } from './json-payload.ts';
import type { Parsed } from './parsed.ts';
import { quickTelemetry } from './quick-telemetry.ts';

export interface Telemetry {
  /** ADC counts. Any i32: a broken probe reads outside 0..4095, and the fog has to see that. */
  raw: number;
  /** Soil moisture, 0 to 100. */
  percent: number;
  irrigate: boolean;
  /** Counts the samples since the guest started; null from guests that do not count. */
  sequence: number | null;
}

const raw = integer(-0x8000_0000, 0x7fff_ffff);
const percent = decimal(0, 100);
const sequence = v.nullish(integer(0, Number.MAX_SAFE_INTEGER), null);

const current = v.pipe(
  v.object({ raw, pct: percent, irrigar: flag(), seq: sequence }),
  v.transform((wire): Telemetry => ({
    raw: wire.raw,
    percent: wire.pct,
    irrigate: wire.irrigar,
    sequence: wire.seq,
  })),
);

const older = v.pipe(
  v.object({ umidade: raw, pct: percent, seco: flag(), seq: sequence }),
  v.transform((wire): Telemetry => ({
    raw: wire.umidade,
    percent: wire.pct,
    irrigate: wire.seco,
    sequence: wire.seq,
  })),
);

const telemetry = v.lazy((input) => (isOlder(input) ? older : current));

function isOlder(input: unknown): boolean {
  const fields = Object(input) as object;
  return Object.hasOwn(fields, 'umidade') && !Object.hasOwn(fields, 'raw');
}

export function parseTelemetry(payload: string | Uint8Array): Parsed<Telemetry> {
  const quick = typeof payload === 'string' ? quickTelemetry(payload) : null;
  if (quick) return { ok: true, value: quick };
  return parseJson(payload, telemetry);
}

/** In today's form; the older one is only read. */
export function encodeTelemetry(value: Telemetry): string {
  return JSON.stringify({
    raw: value.raw,
    pct: value.percent,
    irrigar: value.irrigate ? 1 : 0,
    seq: value.sequence ?? undefined,
  });
}
