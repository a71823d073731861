import { expect, test } from 'vitest';
import { LinkRates, rateLevel } from './link-rates.ts';

function toBroker(...from: number[]) {
  const to = new Int32Array(from.length).fill(-1);
  return { from: Int32Array.from(from), to, kind: new Uint8Array(from.length), omitted: 0 };
}

// Else a reader without motion sees no traffic at all, or links that flicker every frame.
test('levels change once a second, with the traffic of that second', () => {
  const rates = new LinkRates(2);
  rates.add(toBroker(), 0);
  expect(rates.add(toBroker(0, 0, 0, 0), 300)).toBe(false);
  expect(rates.level[0]).toBe(0);
  expect(rates.add(toBroker(0), 1000)).toBe(true);
  expect([...rates.level]).toEqual([rateLevel(5), 0]);
  expect(rates.add(toBroker(), 2000)).toBe(true);
  expect([...rates.level]).toEqual([0, 0]);
});

test('hops that were left out count as well', () => {
  const rates = new LinkRates(1);
  rates.add(toBroker(), 0);
  rates.add({ ...toBroker(0), omitted: 63 }, 1000);
  expect(rates.level[0]).toBe(rateLevel(64));
});

test('more traffic never looks like less', () => {
  const levels = [0, 1, 3, 4, 15, 16, 63, 64, 5000].map(rateLevel);
  expect(levels).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4]);
});
