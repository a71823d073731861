import fc from 'fast-check';
import { expect, it } from 'vitest';
import { naturalRank, pressColumn, sortRows } from './column-order.ts';

const byPlace = (names: string[]) => {
  const rank = naturalRank(names);
  return names.map((name, i) => [name, rank[i]!] as const).sort((a, b) => a[1] - b[1]).map(([name]) => name);
};

it('orders names as people count: esp32-10 after esp32-2, and the fog among its letters', () => {
  expect(byPlace(['esp32-10', 'fog', 'esp32-2', 'cloud', 'esp32-1'])).toEqual([
    'cloud', 'esp32-1', 'esp32-2', 'esp32-10', 'fog',
  ]);
});

it('puts rows without a value last both ways: the worst of them would hide behind empty rows', () => {
  const values = [NaN, 5, 9];
  const rank = [0, 1, 2];
  expect(sortRows([0, 1, 2], (row) => values[row]!, rank, true)).toEqual([2, 1, 0]);
  expect(sortRows([0, 1, 2], (row) => values[row]!, rank, false)).toEqual([1, 2, 0]);
});

// Else rows of equal values would dance at every sorting.
it('keeps ties in order of rank, whatever order the rows came in', () => {
  const values = fc.array(fc.constantFrom(1, 2, NaN), { maxLength: 40 });
  fc.assert(
    fc.property(values, fc.boolean(), (keys, descending) => {
      const rank = keys.map((_, i) => i);
      const sorted = sortRows(keys.map((_, i) => i), (row) => keys[row]!, rank, descending);
      const again = sortRows(sorted.toReversed(), (row) => keys[row]!, rank, descending);
      expect(again).toEqual(sorted);
      expect(sorted.toSorted((a, b) => a - b)).toEqual(rank);
    }),
  );
});

it('turns a column round on the second press; figures start with the largest', () => {
  expect(pressColumn({ column: 'id', descending: false }, 'raw')).toEqual({ column: 'raw', descending: true });
  expect(pressColumn({ column: 'raw', descending: true }, 'raw')).toEqual({ column: 'raw', descending: false });
  expect(pressColumn({ column: 'raw', descending: true }, 'id')).toEqual({ column: 'id', descending: false });
});
