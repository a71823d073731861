import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowWindow, scrollFor } from './row-window.ts';

const tables = fc.record({
  rows: fc.integer({ min: 0, max: 20_000 }),
  rowPx: fc.integer({ min: 20, max: 44 }),
  roomPx: fc.integer({ min: 0, max: 1200 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

it('draws every row that is in sight, and not the other thousands', () => {
  fc.assert(
    fc.property(tables, ({ rows, rowPx, roomPx, share }) => {
      const scrolledPx = share * Math.max(0, rows * rowPx - roomPx);
      const { first, count } = rowWindow(rows, rowPx, scrolledPx, roomPx);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(first + count).toBeLessThanOrEqual(rows);
      expect(count).toBeLessThan(roomPx / rowPx + 12);
      expect(first * rowPx).toBeLessThanOrEqual(scrolledPx);
      expect((first + count) * rowPx).toBeGreaterThanOrEqual(Math.min(rows * rowPx, scrolledPx + roomPx) - 1e-6);
    }),
  );
});

it('scrolls no further than a row needs to be in sight', () => {
  expect(scrollFor(5, 20, 60, 100)).toBe(60);
  expect(scrollFor(2, 20, 60, 100)).toBe(40);
  expect(scrollFor(10, 20, 60, 100)).toBe(120);
});
