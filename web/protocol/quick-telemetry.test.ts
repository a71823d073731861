import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quickTelemetry } from './quick-telemetry.ts';
import { encodeTelemetry, parseTelemetry } from './telemetry.ts';

/** Bytes are always read by the thorough parser. */
const thorough = (payload: string) => parseTelemetry(new TextEncoder().encode(payload));

const value = fc.oneof(
  fc.integer().map(String),
  fc.nat(100).map(String),
  fc.constantFrom('0', '1', '-0', '01', '-', '1e2', '1.5', 'true', 'null', '"1"', '99999999999999999', '-2147483649', ''),
);
const key = fc.constantFrom('raw', 'umidade', 'pct', 'irrigar', 'seco', 'seq', 'else');
const body = fc.array(fc.tuple(key, value), { maxLength: 5 }).map((fields) => `{${fields.map(([name, text]) => `"${name}":${text}`).join(',')}}`);
const cut = fc.tuple(body, fc.nat(60), fc.constantFrom('', ' ', '}', ',')).map(([text, at, what]) => text.slice(0, at) + what);

test('says the same as the thorough parser or nothing, else a reading would depend on how it is spelt', () => {
  fc.assert(
    fc.property(fc.oneof(body, cut), (payload) => {
      const quick = quickTelemetry(payload);
      if (quick) expect(thorough(payload)).toEqual({ ok: true, value: quick });
    }),
    { numRuns: 3000 },
  );
});

test('takes what guests write, else a large fleet is slow again', () => {
  const written = encodeTelemetry({ raw: 1830, percent: 51, irrigate: true, sequence: 12 });
  expect(quickTelemetry(written)).toEqual({ raw: 1830, percent: 51, irrigate: true, sequence: 12 });
  expect(quickTelemetry('{"umidade":-7,"seco":0,"pct":0}')).toEqual({ raw: -7, percent: 0, irrigate: false, sequence: null });
});
