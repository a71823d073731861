import { describe, expect, it } from 'vitest';
import { Parameters } from '../parameters.ts';
import { stream } from '../random.ts';
import { Link, linkProfile, type LinkProfile } from './link.ts';

const bare: LinkProfile = {
  latencyMedianMs: 0,
  latencySigma: 0,
  lossProbability: 0,
  bandwidthMbps: 8,
  overheadBytes: 0,
  frameOverheadUs: 0,
};
const link = (overrides: Partial<LinkProfile>) => new Link({ ...bare, ...overrides }, stream(3, 'link'));
const count = 20_000;

describe('links: latency and loss that are not as stated would void every comparison', () => {
  it('charges bytes, headers and frame overhead as done by hand', () => {
    const l = link({ latencyMedianMs: 5, overheadBytes: 96, frameOverheadUs: 154 });
    // (104 + 96) bytes at 8 Mbit/s are 200 us.
    expect(l.send(1000, 104)).toEqual({ deliveredAtUs: 1000 + 354 + 5000, airtimeUs: 354, queuedUs: 0 });
    expect(l.send(1100, 104)).toEqual({ deliveredAtUs: 1000 + 708 + 5000, airtimeUs: 354, queuedUs: 254 });
  });

  it('draws latencies with the median and the jitter asked for', () => {
    const l = link({ latencyMedianMs: 8, latencySigma: 0.75 });
    const logs = Array.from({ length: count }, (_, i) => {
      // A minute apart, so that neither queue nor order plays a part.
      const sending = l.send(i * 60e6, 1);
      return Math.log((sending.deliveredAtUs! - i * 60e6 - sending.airtimeUs) / 8000);
    });
    const mean = logs.reduce((a, b) => a + b) / count;
    const sd = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count);
    expect(Math.abs(mean)).toBeLessThan((4 * 0.75) / Math.sqrt(count));
    expect(Math.abs(sd - 0.75)).toBeLessThan((4 * 0.75) / Math.sqrt(2 * count));
  });

  it('loses the share asked for, and changes no latency by it', () => {
    const lossless = link({ latencyMedianMs: 8, latencySigma: 0.5 });
    const lossy = link({ latencyMedianMs: 8, latencySigma: 0.5, lossProbability: 0.1 });
    let lost = 0;
    for (let i = 0; i < count; i++) {
      const expected = lossless.send(i * 60e6, 1);
      const sending = lossy.send(i * 60e6, 1);
      if (sending.deliveredAtUs === null) lost += 1;
      else expect(sending.deliveredAtUs).toBe(expected.deliveredAtUs);
    }
    expect(Math.abs(lost - count * 0.1)).toBeLessThan(4 * Math.sqrt(count * 0.09));
  });

  it('never lets a later message overtake', () => {
    const l = link({ latencyMedianMs: 50, latencySigma: 1.5, lossProbability: 0.2 });
    let last = 0;
    for (let i = 0; i < 2000; i++) {
      const { deliveredAtUs } = l.send(i * 1000, 10);
      if (deliveredAtUs === null) continue;
      expect(deliveredAtUs).toBeGreaterThanOrEqual(last);
      expect(Number.isInteger(deliveredAtUs)).toBe(true);
      last = deliveredAtUs;
    }
  });

  it('queues as an M/D/1 queue does', () => {
    // 1000 bytes take 1000 us; Poisson arrivals load the medium to 70 %.
    const l = link({});
    const arrivals = stream(3, 'arrivals');
    let nowUs = 0;
    let waited = 0;
    const messages = 200_000;
    for (let i = 0; i < messages; i++) {
      nowUs += Math.floor(arrivals.exponential(1000 / 0.7) + 0.5);
      waited += l.send(nowUs, 1000).queuedUs;
    }
    // Pollaczek-Khinchine: 0.7 / (2 (1 - 0.7)) service times.
    expect(waited / messages / 1000).toBeGreaterThan(1.167 * 0.95);
    expect(waited / messages / 1000).toBeLessThan(1.167 * 1.05);
  });

  it.each(['wifi', 'lan', 'wan'] as const)('has a whole profile for %s', (kind) => {
    const profile = linkProfile(new Parameters(), kind);
    for (const value of Object.values(profile)) expect(value).toBeGreaterThanOrEqual(0);
  });
});
