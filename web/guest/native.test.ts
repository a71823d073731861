/** C wasm, Rust wasm and the native twin give the same bits, or comparing strategies means nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtModule, builtNames, instantiate } from '../../tests/guests/built.ts';
import { Anomaly, anomalyRules, configDefaults } from './abi.gen.ts';
import { createNativeStream } from './native.ts';

const i32Max = 2 ** 31 - 1;
const i32Min = -(2 ** 31);
const corners = [
  ...[i32Min, i32Min + 1, i32Min + 99, -101, -100, -1, 0, 1, 2, 99, 100, 101, i32Max - 1, i32Max],
  ...[0, 1, 4094, 4095, 4096, ...Object.values(configDefaults)],
  ...[anomalyRules.plausibleMin, anomalyRules.plausibleMax].flatMap((edge) => [edge - 1, edge, edge + 1]),
];
const i32 = fc.oneof(
  fc.constantFrom(...corners),
  fc.integer({ min: 0, max: 4095 }),
  fc.integer({ min: i32Min, max: i32Max }),
);

const bits = (value: number) => new Uint32Array(new Float32Array([value]).buffer)[0];

function oracle(raw: number, dry: number, wet: number, threshold: number): number {
  const span = BigInt(dry) - BigInt(wet);
  let percent = span === 0n ? 0n : 100n - ((BigInt(raw) - BigInt(wet)) * 100n) / span;
  if (percent < 0n) percent = 0n;
  if (percent > 100n) percent = 100n;
  return Number(percent) + (raw > threshold ? 256 : 0);
}

/** Fresh C, Rust and native streams behind one shape. */
function streams() {
  const native = createNativeStream();
  return [
    ...builtNames.map((name) => ({ name: name as string, ...instantiate(builtModule(name)) })),
    {
      name: 'native',
      process: native.process,
      filter_value: native.filterValue,
      detect_anomaly: native.detectAnomaly,
    },
  ];
}

describe('process', () => {
  const all = streams();

  test('is the formula, exactly, on every input; else two tiers disagree on one reading', () => {
    fc.assert(
      fc.property(i32, i32, i32, i32, (raw, dry, wet, threshold) => {
        const expected = oracle(raw, dry, wet, threshold);
        for (const { name, process } of all) expect(process(raw, dry, wet, threshold), name).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  test('is the formula around every exact quotient, where rounding would show', () => {
    // raw is put next to a multiple of the span, so that the quotient is an integer or just beside one.
    const hundredths = fc.integer({ min: -1, max: 101 });
    const off = fc.integer({ min: -1, max: 1 });
    fc.assert(
      fc.property(i32, i32, hundredths, off, (dry, wet, parts, counts) => {
        const raw = (Math.round(((dry - wet) * parts) / 100) + wet + counts) | 0;
        const expected = oracle(raw, dry, wet, 0);
        for (const { name, process } of all) expect(process(raw, dry, wet, 0), name).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    [1100, 100],
    [1700, 60],
    [1701, 60 + 256],
    [1830, 52 + 256],
    [2600, 256],
    [4095, 256],
    [0, 100],
  ])('gives %i counts the verdict %i by default, as documented', (raw, verdict) => {
    for (const { name, process } of all) expect(process(raw, 2600, 1100, 1700), name).toBe(verdict);
  });
});

test('filter_value agrees in every bit, else the fog average drifts with the language', () => {
  fc.assert(
    fc.property(fc.array(i32, { minLength: 1, maxLength: 60 }), (samples) => {
      const results = streams().map(({ filter_value }) => samples.map((raw) => bits(filter_value(raw))));
      expect(results[0]).toEqual(results[2]);
      expect(results[1]).toEqual(results[2]);
    }),
  );
});

test('filter_value follows a step as its constant says, else people see a lag nobody documented', () => {
  for (const { name, filter_value } of streams()) {
    expect(filter_value(1000), name).toBe(1000);
    expect(filter_value(2000), name).toBe(1200);
    for (let count = 0; count < 10; count += 1) filter_value(2000);
    expect(filter_value(2000), name).toBeGreaterThan(1900);
  }
});

describe('detect_anomaly', () => {
  /** Plateaus, walks, jumps and drop-outs: what a probe does, so that every rule is met often. */
  const probe = fc
    .array(
      fc.oneof(
        fc.tuple(fc.constantFrom(1500, 1501, 1900, 2600, 200, 3900), fc.integer({ min: 1, max: 13 })),
        fc.tuple(i32, fc.constantFrom(1, 2, 3)),
      ),
      { minLength: 1, maxLength: 20 },
    )
    .map((runs) => runs.flatMap(([raw, length]) => Array<number>(length).fill(raw)));

  test('agrees on every sequence, else an alarm depends on the language', () => {
    const seen = new Set<number>();
    fc.assert(
      fc.property(probe, (samples) => {
        const results = streams().map(({ detect_anomaly }) => samples.map((raw) => detect_anomaly(raw)));
        expect(results[0]).toEqual(results[2]);
        expect(results[1]).toEqual(results[2]);
        for (const code of results.flat()) seen.add(code);
      }),
    );
    expect([...seen].sort(), 'the sequences must meet every rule').toEqual(Object.values(Anomaly));
  });

  test.each([
    ['a jump is a spike until accepted', [1500, 1850, 2201, 2201, 2201, 2201], [0, 0, 1, 1, 1, 0]],
    ['a spike that returns leaves the level', [1500, 2500, 1500, 2500, 1500], [0, 1, 0, 1, 0]],
    ['a drop-out is out of range and forgotten', [1500, 0, -1, 4095, 199, 3901, 1500], [0, 3, 3, 3, 3, 3, 0]],
    ['the tenth equal sample is stuck', Array<number>(11).fill(1500), [...Array<number>(9).fill(0), 2, 2]],
    ['a first sample is never a spike', [3900, 3899], [0, 0]],
  ])('%s', (_, samples, codes) => {
    for (const { name, detect_anomaly } of streams()) {
      expect(samples.map((raw) => detect_anomaly(raw)), name).toEqual(codes);
    }
  });
});
