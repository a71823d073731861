import { expect, it } from 'vitest';
import { pressColumn, sortTwins, type Twin } from './twin-order.ts';

const twin = (id: string, raw: number): Twin => ({
  id, raw, ema: raw, cloudEma: raw, divergence: 0, ageS: 0, anomaly: 0,
});
const ids = (twins: Twin[]) => twins.map((t) => t.id);

it('orders ids as people count: edge-10 after edge-2', () => {
  const twins = [twin('edge-10', 1), twin('edge-2', 2)];
  expect(ids(sortTwins(twins, { column: 'id', descending: false }))).toEqual(['edge-2', 'edge-10']);
});

it('puts twins without a value last both ways: the worst of them would hide behind empty rows', () => {
  const twins = [twin('a', NaN), twin('b', 5), twin('c', 9)];
  expect(ids(sortTwins(twins, { column: 'raw', descending: true }))).toEqual(['c', 'b', 'a']);
  expect(ids(sortTwins(twins, { column: 'raw', descending: false }))).toEqual(['b', 'c', 'a']);
});

it('keeps ties in order of id: rows would dance ten times a second', () => {
  const twins = [twin('b', 1), twin('a', 1)];
  expect(ids(sortTwins(twins, { column: 'divergence', descending: true }))).toEqual(['a', 'b']);
});

it('turns a column round on the second press', () => {
  expect(pressColumn({ column: 'id', descending: false }, 'raw')).toEqual({ column: 'raw', descending: true });
  expect(pressColumn({ column: 'raw', descending: true }, 'raw')).toEqual({ column: 'raw', descending: false });
});
