/** What a fog node makes of one reading and passes to the cloud under `processed`. */
import * as v from 'valibot';
import { anomalySchema, type AnomalyCode } from './anomaly.ts';
import { decimal, flag, integer, orNull, parseJson, text } from './json-payload.ts';
import type { Parsed } from './parsed.ts';
import { timestampSchema, timestampWire } from './timestamp.ts';

export interface Processed {
  /** When the fog processed it, microseconds: since 1970, or on simulated nodes since the start. */
  timestampUs: number;
  /** Edge node that sensed. */
  device: string;
  /** Where the reading comes from: `simulated` or `real`; scripts in the field write words of their own. */
  source: string;
  /** ADC counts, percent and verdict as the edge sent them. */
  raw: number;
  percent: number;
  irrigate: boolean;
  /** Filtered ADC counts; null from a fog that only relays. */
  ema: number | null;
  /** Null from a fog that only relays: not looked for is not the same as none. */
  anomaly: AnomalyCode | null;
  /** CPU time of the wasm guest and of its native twin, milliseconds; null for the one that did not run. */
  wasmMs: number | null;
  nativeMs: number | null;
}

const durationMs = orNull(decimal(0, 1e9));

const processed = v.pipe(
  v.object({
    timestamp: timestampSchema,
    device: text(64),
    source: text(64),
    raw: integer(-0x8000_0000, 0x7fff_ffff),
    pct: decimal(0, 100),
    irrigar: flag(),
    ema: orNull(decimal(-0x8000_0000, 0x7fff_ffff)),
    anomaly: orNull(anomalySchema),
    t_wasm_ms: durationMs,
    t_native_ms: durationMs,
  }),
  v.transform((wire): Processed => ({
    timestampUs: wire.timestamp,
    device: wire.device,
    source: wire.source,
    raw: wire.raw,
    percent: wire.pct,
    irrigate: wire.irrigar,
    ema: wire.ema,
    anomaly: wire.anomaly,
    wasmMs: wire.t_wasm_ms,
    nativeMs: wire.t_native_ms,
  })),
);

export function parseProcessed(payload: string | Uint8Array): Parsed<Processed> {
  return parseJson(payload, processed);
}

export function encodeProcessed(value: Processed): string {
  return JSON.stringify({
    timestamp: timestampWire(value.timestampUs),
    device: value.device,
    source: value.source,
    raw: value.raw,
    pct: value.percent,
    irrigar: value.irrigate ? 1 : 0,
    ema: value.ema,
    anomaly: value.anomaly,
    t_wasm_ms: value.wasmMs,
    t_native_ms: value.nativeMs,
  });
}
