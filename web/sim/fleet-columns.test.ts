import { expect, test } from 'vitest';
import { copyOf, newColumns } from './fleet-columns.ts';

test('a frame shares nothing with the world, else the page would draw a mixture of moments', () => {
  const columns = newColumns(3);
  columns.energyJ[1] = 7.5;
  columns.state[2] = 4;
  const frame = copyOf(columns);
  columns.energyJ[1] = 8;
  columns.state[2] = 1;
  expect([...frame.energyJ]).toEqual([NaN, 7.5, NaN]);
  expect([...frame.state]).toEqual([0, 0, 4]);
  expect(new Set(Object.values(frame).map(({ buffer }) => buffer)).size).toBe(1);
  for (const column of Object.values(frame)) expect(column).toHaveLength(3);
});
