/**
 * Payloads of the simulated tiers, known by their value. Their text is what `parse` of the same kind reads back to
 * an equal value, so a receiver may take the value as it is; at ten thousand nodes most texts are never looked at.
 */
import { encodeAnalytics, parseAnalytics, type Analytics } from './analytics.ts';
import type { MqttMessage } from './message.ts';
import { decimalBytes, literalBytes } from './number-bytes.ts';
import type { Parsed } from './parsed.ts';
import { encodeProcessed, parseProcessed, type Processed } from './processed.ts';

/** Told of everything that a payload says, to tell two payloads apart. */
export interface Digest {
  number(value: number): void;
  text(text: string): void;
}

export interface Content {
  /** The payload as it goes on the wire. */
  readonly text: string;
  /** Size of `text` in UTF-8. */
  readonly bytes: number;
  digest(into: Digest): void;
}

/** Decimals that simulated tiers write: microseconds, thousandths of an ADC count, nanoseconds. */
const TIMESTAMP_DECIMALS = 6;
const ADC_DECIMALS = 3;
const MS_DECIMALS = 6;
const LATENCY_DECIMALS = 3;

const processedFrame = '{"timestamp":,"device":"","source":"","raw":,"pct":,"irrigar":0,"ema":,"anomaly":,"t_wasm_ms":,"t_native_ms":}'.length;
const analyticsFrame = '{"timestamp":,"device":"","samples":,"ema_raw":,"ema_filtered":,"divergence":,"anomaly":0,"latency_ms":,"t_wasm_ms":,"t_native_ms":}'.length;

/** To the decimals that are written of an ADC count. */
export function roundedAdc(counts: number): number {
  return Math.round(counts * 1000) / 1000;
}

/** To the decimals that are written of CPU time in milliseconds. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 1e6) / 1e6;
}

export class ProcessedContent implements Content {
  readonly value: Processed;
  #text: string | null = null;

  /** @param value with `roundedAdc` and `roundedMs` numbers; device and source of ASCII letters that JSON need not escape */
  constructor(value: Processed) {
    this.value = value;
  }

  get text(): string {
    return (this.#text ??= encodeProcessed(this.value));
  }

  get bytes(): number {
    const { timestampUs, device, source, raw, percent, ema, anomaly, wasmMs, nativeMs } = this.value;
    return (
      processedFrame +
      decimalBytes(timestampUs / 1e6, TIMESTAMP_DECIMALS) +
      device.length +
      source.length +
      literalBytes(raw) +
      literalBytes(percent) +
      decimalBytes(ema, ADC_DECIMALS) +
      decimalBytes(anomaly, 0) +
      decimalBytes(wasmMs, MS_DECIMALS) +
      decimalBytes(nativeMs, MS_DECIMALS)
    );
  }

  digest(into: Digest): void {
    const { timestampUs, device, source, raw, percent, irrigate, ema, anomaly, wasmMs, nativeMs } = this.value;
    into.number(timestampUs);
    into.text(device);
    into.text(source);
    into.number(raw);
    into.number(percent);
    into.number(irrigate ? 1 : 0);
    into.number(ema ?? NaN);
    into.number(anomaly ?? NaN);
    into.number(wasmMs ?? NaN);
    into.number(nativeMs ?? NaN);
  }
}

export class AnalyticsContent implements Content {
  readonly value: Analytics;
  #text: string | null = null;

  /** @param value as for `ProcessedContent`; the latency in whole microseconds */
  constructor(value: Analytics) {
    this.value = value;
  }

  get text(): string {
    return (this.#text ??= encodeAnalytics(this.value));
  }

  get bytes(): number {
    const { timestampUs, device, samples, emaRaw, emaFiltered, divergence, latencyMs, wasmMs, nativeMs } = this.value;
    return (
      analyticsFrame +
      decimalBytes(timestampUs / 1e6, TIMESTAMP_DECIMALS) +
      device.length +
      literalBytes(samples) +
      decimalBytes(emaRaw, ADC_DECIMALS) +
      decimalBytes(emaFiltered, ADC_DECIMALS) +
      decimalBytes(divergence, ADC_DECIMALS) +
      decimalBytes(latencyMs, LATENCY_DECIMALS) +
      decimalBytes(wasmMs, MS_DECIMALS) +
      decimalBytes(nativeMs, MS_DECIMALS)
    );
  }

  digest(into: Digest): void {
    const { timestampUs, device, samples, emaRaw, emaFiltered, divergence, anomaly, latencyMs, wasmMs, nativeMs } = this.value;
    into.number(timestampUs);
    into.text(device);
    into.number(samples);
    into.number(emaRaw);
    into.number(emaFiltered ?? NaN);
    into.number(divergence ?? NaN);
    into.number(anomaly);
    into.number(latencyMs ?? NaN);
    into.number(wasmMs ?? NaN);
    into.number(nativeMs ?? NaN);
  }
}

/** What `parseProcessed` says of the message's payload, without reading it where its value is known. */
export function processedIn(message: MqttMessage): Parsed<Processed> {
  const { content } = message;
  return content instanceof ProcessedContent ? { ok: true, value: content.value } : parseProcessed(message.payload);
}

/** As `processedIn`, for `analytics`. */
export function analyticsIn(message: MqttMessage): Parsed<Analytics> {
  const { content } = message;
  return content instanceof AnalyticsContent ? { ok: true, value: content.value } : parseAnalytics(message.payload);
}
