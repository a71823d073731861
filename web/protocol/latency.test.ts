import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeStamps, parseStamps, Place, Stamps, stampNames } from './latency.ts';
import { messageBytes } from './message-bytes.ts';
import { Message } from './message.ts';

/** In the order of the way, as they are made. */
const stamps = fc
  .tuple(fc.subarray([...stampNames.keys()]), fc.array(fc.maxSafeNat(), { minLength: 8, maxLength: 8 }))
  .map(([places, timesUs]) => places.reduce<Stamps | null>((before, place, at) => new Stamps(before, place, timesUs[at]), null));

describe('latency stamps', () => {
  it('come back exactly, or latencies would be off by rounding', () => {
    fc.assert(fc.property(stamps, (value) => void expect(parseStamps(encodeStamps(value))).toEqual(value)));
  });

  it('are decimal strings under their own names', () => {
    const both = new Stamps(new Stamps(null, Place.sampledAt, 1_000_000), Place.brokerAt, 2500);
    expect(encodeStamps(both)).toEqual({ sampledAt: '1000000', brokerAt: '2500' });
    expect([both.at(Place.sampledAt), both.at(Place.brokerAt), both.at(Place.publishedAt)]).toEqual([1_000_000, 2500, undefined]);
  });

  it('take as many bytes as the user properties they are, or messages would take a wrong time on the air', () => {
    fc.assert(
      fc.property(stamps, (value) => {
        const carried = new Message('ic/esp32-1/data', '{}', 0, false, value);
        const written = { topic: 'ic/esp32-1/data', payload: '{}', qos: 0, retain: false, userProperties: encodeStamps(value) } as const;
        expect(messageBytes(carried)).toBe(messageBytes(written));
      }),
    );
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
    expect(parseStamps(properties)).toEqual(new Stamps(null, Place.sampledAt, 12));
    expect(parseStamps(undefined)).toBeNull();
    expect(parseStamps(Object.create({ sampledAt: '12' }) as Record<string, string>)).toBeNull();
  });

  it('refuse to be written as anything but whole microseconds', () => {
    for (const timeUs of [NaN, -1, 0.5, Infinity, 2 ** 53]) {
      expect(() => encodeStamps(new Stamps(null, Place.sampledAt, timeUs))).toThrow('sampledAt must be a whole number');
    }
  });
});
