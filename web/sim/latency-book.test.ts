import { describe, expect, test } from 'vitest';
import { parseStamps, type Stamps } from '../protocol/latency.ts';
import { LatencyBook } from './latency-book.ts';

/** Microseconds. */
const chain = (timesUs: Record<string, number>): Stamps =>
  parseStamps(Object.fromEntries(Object.entries(timesUs).map(([name, timeUs]) => [name, String(timeUs)]))) as Stamps;

const stamps = chain({
  sampledAt: 1000,
  publishedAt: 2000,
  brokerAt: 5000,
  fogReceivedAt: 5500,
  fogPublishedAt: 5600,
  fogBrokerAt: 5700,
  cloudReceivedAt: 30_700,
  cloudPublishedAt: 30_800,
});

describe('LatencyBook', () => {
  test('the hops add up to the way from end to end', () => {
    const book = new LatencyBook(16);
    book.record(stamps);
    const table = book.table();
    const end = table.find(({ hop }) => hop === 'end to end');
    const hops = table.filter((row) => row !== end);
    expect(end?.medianMs).toBeCloseTo(29.8);
    expect(hops.reduce((sum, { medianMs }) => sum + medianMs, 0)).toBeCloseTo(29.8);
    expect(hops).toHaveLength(7);
  });

  test('quantiles are over the last readings only', () => {
    const book = new LatencyBook(4);
    for (const endUs of [9e6, 1e6, 2e6, 3e6, 4e6]) book.record(chain({ sampledAt: 0, cloudReceivedAt: endUs }));
    expect(book.endToEndMs()).toEqual([2000, 4000]);
  });

  test('a board that stamps nothing gives no latency instead of a wrong one', () => {
    const book = new LatencyBook(4);
    book.record(chain({ brokerAt: 5, cloudReceivedAt: 9 }));
    expect(book.endToEndMs()).toEqual([NaN, NaN]);
  });
});
