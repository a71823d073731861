import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeStamps, parseStamps, stampNames, type Stamps } from './latency.ts';

const stamps: fc.Arbitrary<Stamps> = fc.dictionary(fc.constantFrom(...stampNames), fc.maxSafeNat());

describe('latency stamps', () => {
  it('come back exactly, or latencies would be off by rounding', () => {
    fc.assert(fc.property(stamps, (value) => void expect(parseStamps(encodeStamps(value))).toEqual(value)));
  });

  it('are decimal strings under their own names', () => {
    const properties = { sampledAt: '1000000', brokerAt: '2500' };
    expect(encodeStamps({ brokerAt: 2500, sampledAt: 1_000_000 })).toEqual(properties);
  });

  it('are passed over when badly written, and leave the others alone', () => {
    const properties = {
      sampledAt: '12',
      publishedAt: '-1',
      brokerAt: '1.5',
      fogReceivedAt: '9007199254740992',
      fogPublishedAt: '',
      fogBrokerAt: '1e3',
      cloudReceivedAt: '0x10',
      name: 'irrigation',
    };
    expect(parseStamps(properties)).toEqual({ sampledAt: 12 });
    expect(parseStamps(undefined)).toEqual({});
    expect(parseStamps(Object.create({ sampledAt: '12' }) as Record<string, string>)).toEqual({});
  });

  it('refuse to be written as anything but whole microseconds', () => {
    for (const timeUs of [NaN, -1, 0.5, Infinity, 2 ** 53]) {
      expect(() => encodeStamps({ sampledAt: timeUs })).toThrow('sampledAt must be a whole number');
    }
  });
});
