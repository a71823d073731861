import { expect, test } from 'vitest';
import { Arena } from './arena.ts';

test('windows lie apart, and one that comes back is empty, else a guest would find what another left', () => {
  const arena = new Arena();
  const [first, second] = [arena.allocate(1), arena.allocate(1)];
  expect(Math.abs(first.base - second.base)).toBeGreaterThanOrEqual(65_536);
  first.bytes().set([1, 2, 3], first.base);
  first.bytes()[first.base + 65_535] = 0x80;
  second.bytes()[second.base] = 7;
  arena.free(first, 1);
  const again = arena.allocate(1);
  expect(again.base).toBe(first.base);
  expect(again.bytes().subarray(again.base, again.base + 65_536).every((byte) => byte === 0)).toBe(true);
  expect(second.bytes()[second.base]).toBe(7);
});

test('a fleet larger than a memory goes on in the next one', () => {
  const arena = new Arena();
  const windows = Array.from({ length: 5 }, () => arena.allocate(15_000));
  expect(new Set(windows.map(({ memory }) => memory)).size).toBe(2);
  for (const window of windows) window.bytes()[window.base] = 1;
  for (const window of windows) expect(window.bytes()[window.base]).toBe(1);
});

test('after the last guest nothing is kept of the fleet before', () => {
  const arena = new Arena();
  const fleet = Array.from({ length: 300 }, () => arena.allocate(1));
  for (const window of fleet) arena.free(window, 1);
  expect(arena.allocate(1).memory).not.toBe(fleet[0].memory);
});
