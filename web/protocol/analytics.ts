/** The cloud's shadow of one edge node after one more reading, under `analytics`. */
import * as v from 'valibot';
import { anomalySchema, type AnomalyCode } from './anomaly.ts';
import { decimal, integer, orNull, parseJson, text } from './json-payload.ts';
import type { Parsed } from './parsed.ts';
import { timestampSchema, timestampWire } from './timestamp.ts';

export interface Analytics {
  /** When the cloud computed it, microseconds: since 1970, or on simulated nodes since the start. */
  timestampUs: number;
  /** Edge node that sensed. */
  device: string;
  /** Readings of this device so far. */
  samples: number;
  /** The cloud's own filter on the raw readings, ADC counts. */
  emaRaw: number;
  /** The cloud's filter on the values the fog had filtered, ADC counts; null when the fog filters nothing. */
  emaFiltered: number | null;
  /** `emaRaw - emaFiltered`, ADC counts: what the fog's filter and lost messages changed. */
  divergence: number | null;
  /** The cloud's own verdict on the raw readings. */
  anomaly: AnomalyCode;
  /** From the sensor's sample to this result, milliseconds; null when the message carried no stamp. */
  latencyMs: number | null;
  /** CPU time of the wasm guest and of its native twin, milliseconds; null for the one that did not run. */
  wasmMs: number | null;
  nativeMs: number | null;
}

const adc = decimal(-0x8000_0000, 0x7fff_ffff);
const durationMs = orNull(decimal(0, 1e9));

const analytics = v.pipe(
  v.object({
    timestamp: timestampSchema,
    device: text(64),
    samples: integer(0, Number.MAX_SAFE_INTEGER),
    ema_raw: adc,
    ema_filtered: orNull(adc),
    divergence: orNull(decimal(-0xffff_ffff, 0xffff_ffff)),
    anomaly: anomalySchema,
    // Negative when the clocks of two real nodes disagree by more than the way takes.
    latency_ms: orNull(decimal(-1e9, 1e9)),
    t_wasm_ms: durationMs,
    t_native_ms: durationMs,
  }),
  v.transform((wire): Analytics => ({
    timestampUs: wire.timestamp,
    device: wire.device,
    samples: wire.samples,
    emaRaw: wire.ema_raw,
    emaFiltered: wire.ema_filtered,
    divergence: wire.divergence,
    anomaly: wire.anomaly,
    latencyMs: wire.latency_ms,
    wasmMs: wire.t_wasm_ms,
    nativeMs: wire.t_native_ms,
  })),
);

export function parseAnalytics(payload: string | Uint8Array): Parsed<Analytics> {
  return parseJson(payload, analytics);
}

export function encodeAnalytics(value: Analytics): string {
  return JSON.stringify({
    timestamp: timestampWire(value.timestampUs),
    device: value.device,
    samples: value.samples,
    ema_raw: value.emaRaw,
    ema_filtered: value.emaFiltered,
    divergence: value.divergence,
    anomaly: value.anomaly,
    latency_ms: value.latencyMs,
    t_wasm_ms: value.wasmMs,
    t_native_ms: value.nativeMs,
  });
}
