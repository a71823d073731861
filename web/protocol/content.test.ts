import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnalyticsContent, ProcessedContent, roundedAdc, roundedMs } from './content.ts';
import { messageBytes } from './message-bytes.ts';
import { Message } from './message.ts';
import { parseAnalytics, parseProcessed, type AnomalyCode } from './payloads.ts';
import { utf8Bytes } from './utf8.ts';
import { encodeStamps, Place, Stamps } from './latency.ts';

const timeUs = fc.nat({ max: 4_294_967_295_000_000 });
const adc = fc.oneof(fc.double({ min: -70_000, max: 70_000, noNaN: true }), fc.double({ min: -0x8000_0000, max: 0x7fff_ffff, noNaN: true })).map((value) => roundedAdc(value) + 0);
const cpuMs = fc.option(fc.double({ min: 0, max: 10_000, noNaN: true }).map(roundedMs));
const device = fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/);
const anomaly = fc.constantFrom<AnomalyCode>(0, 1, 2, 3);

const processed = fc.record({
  timestampUs: timeUs,
  device,
  source: fc.constantFrom('simulated', 'real'),
  raw: fc.integer(),
  percent: fc.integer({ min: 0, max: 100 }),
  irrigate: fc.boolean(),
  ema: fc.option(adc),
  anomaly: fc.option(anomaly),
  wasmMs: cpuMs,
  nativeMs: cpuMs,
});
const analytics = fc.record({
  timestampUs: timeUs,
  device,
  samples: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  emaRaw: adc,
  emaFiltered: fc.option(adc),
  divergence: fc.option(adc),
  anomaly,
  latencyMs: fc.option(fc.nat({ max: 1e12 }).map((us) => us / 1000)),
  wasmMs: cpuMs,
  nativeMs: cpuMs,
});

test('the text says what the value says, else a receiver in the page would know more than one outside', () => {
  fc.assert(fc.property(processed, (value) => {
    expect(parseProcessed(new ProcessedContent(value).text)).toEqual({ ok: true, value });
  }));
  fc.assert(fc.property(analytics, (value) => {
    expect(parseAnalytics(new AnalyticsContent(value).text)).toEqual({ ok: true, value });
  }));
});

test('the size is that of the text, else messages would take a wrong time on the air', () => {
  fc.assert(fc.property(processed, (value) => {
    const content = new ProcessedContent(value);
    expect(content.bytes).toBe(utf8Bytes(content.text));
  }));
  fc.assert(fc.property(analytics, (value) => {
    const content = new AnalyticsContent(value);
    expect(content.bytes).toBe(utf8Bytes(content.text));
  }));
});

test('a message is as long by its value and stamps as by its text and user properties', () => {
  fc.assert(fc.property(processed, timeUs, (value, sampledAt) => {
    const content = new ProcessedContent(value);
    const stamps = new Stamps(new Stamps(null, Place.sampledAt, sampledAt), Place.brokerAt, 12);
    const written = { topic: 'ic/fog/processed', payload: content.text, qos: 1 as const, retain: false, userProperties: encodeStamps(stamps) };
    expect(messageBytes(new Message('ic/fog/processed', content, 1, false, stamps))).toBe(messageBytes(written));
  }));
});
