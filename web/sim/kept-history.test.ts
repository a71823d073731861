import { expect, test } from 'vitest';
import { Journal } from './journal.ts';
import { keptHistory, wholeHistory } from './kept-history.ts';
import { RecentValues } from './quantiles.ts';
import { Ring } from './ring.ts';

test('up to a thousand nodes each keeps all of its past, beyond it only what is looked at', () => {
  expect(keptHistory(12)).toEqual(wholeHistory);
  const large = keptHistory(10_000);
  expect(large).toMatchObject({ seriesRows: 0, readings: 0, journal: { messages: 0 } });
  const journal = new Journal(large.journal);
  const message = { topic: 'ic/esp32-1/data', payload: '{}', qos: 0, retain: false } as const;
  journal.message(1, 'out', message, 20);
  expect(journal.messages()).toEqual([]);
  expect(journal.traffic.messagesOut).toBe(1);
  journal.widen(wholeHistory.journal);
  journal.message(2, 'out', message, 20);
  expect(journal.messages()).toEqual([{ timeUs: 2, direction: 'out', ...message }]);
});

test('a ring that is widened goes on after what it held', () => {
  const ring = new Ring<number>(3);
  for (let item = 1; item <= 5; item += 1) ring.push(item);
  ring.widen(5);
  for (let item = 6; item <= 9; item += 1) ring.push(item);
  expect(ring.toArray()).toEqual([5, 6, 7, 8, 9]);
});

test('values that are not kept cost nothing and give no quantiles', () => {
  const values = new RecentValues(0);
  values.add(3);
  expect(values.quantiles(0.5)).toEqual([NaN]);
  values.widen(4);
  values.add(5);
  expect(values.quantiles(0.5)).toEqual([5]);
});
