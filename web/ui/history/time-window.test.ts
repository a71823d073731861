import fc from 'fast-check';
import { expect, test } from 'vitest';
import { between, latest, panned, reachFor, serves, spanOf, zoomed } from './time-window.ts';

const bounds = { fromMs: 1_000_000, toMs: 11_000_000 };
const window = { fromMs: 4_000_000, toMs: 6_000_000 };

test('the last hour ends at the newest sample, all is all', () => {
  expect(latest(bounds, 3_600_000)).toEqual({ fromMs: 7_400_000, toMs: 11_000_000 });
  expect(latest(bounds, Infinity)).toEqual(bounds);
});

// Else the sample that is pointed at slides away under the wheel.
test('zooming keeps the time that is pointed at in place', () => {
  const closer = zoomed(window, 0.5, 0.25, bounds);
  expect(spanOf(closer)).toBe(1_000_000);
  expect(closer.fromMs + 0.25 * spanOf(closer)).toBe(4_500_000);
});

// Else a user pans into emptiness and finds no way back.
test('whatever is done, part of the window lies over samples and it keeps its width while panning', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.double({ min: -3, max: 3, noNaN: true })), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (moves) => {
      let now = window;
      for (const [pan, by] of moves) {
        const next = pan ? panned(now, by, bounds) : zoomed(now, 2 ** by, 0.3, bounds);
        if (pan) expect(spanOf(next)).toBeCloseTo(spanOf(now), 3);
        now = next;
        expect(now.fromMs).toBeLessThan(bounds.toMs);
        expect(now.toMs).toBeGreaterThan(bounds.fromMs);
        expect(spanOf(now)).toBeGreaterThanOrEqual(1000 - 1e-6);
      }
    }),
  );
});

test('a history that is younger than the window can be zoomed out of without it jumping closer', () => {
  const young = { fromMs: 0, toMs: 5000 };
  const hour = { fromMs: 5000 - 3_600_000, toMs: 5000 };
  expect(spanOf(zoomed(hour, 2, 0.5, young))).toBeGreaterThanOrEqual(spanOf(hour));
});

test('a stretch drawn from right to left is the same stretch', () => {
  expect(between(6e6, 4e6, bounds)).toEqual(between(4e6, 6e6, bounds));
});

test('a reach covers the window with room on both sides, at one to two and a half pixels a column', () => {
  for (const widthPx of [240, 700, 1400]) {
    for (let widthMs = 1000; widthMs < 1e9; widthMs *= 1.7) {
      const reach = reachFor({ fromMs: 5e8, toMs: 5e8 + widthMs }, widthPx);
      expect(reach.fromMs).toBeLessThanOrEqual(5e8 - widthMs * 0.49);
      expect(reach.toMs).toBeGreaterThanOrEqual(5e8 + widthMs * 1.49);
      const pxPerColumn = (reach.columnMs / widthMs) * widthPx;
      expect(pxPerColumn).toBeGreaterThan(1);
      expect(pxPerColumn).toBeLessThan(2);
    }
  }
});

// Else the envelope shimmers while it is dragged.
test('panning asks for columns on the same grid', () => {
  const first = reachFor(window, 900);
  const second = reachFor(panned(window, 0.123, bounds), 900);
  expect(second.columnMs).toBe(first.columnMs);
  expect(((second.fromMs - first.fromMs) / first.columnMs) % 1).toBeCloseTo(0, 6);
});

test('what was loaded serves small moves, not large ones nor another scale', () => {
  const reach = reachFor(window, 900);
  expect(serves(reach, panned(window, 0.2, bounds), 900, bounds)).toBe(true);
  expect(serves(reach, panned(window, 0.45, bounds), 900, bounds)).toBe(false);
  expect(serves(reach, zoomed(window, 0.4, 0.5, bounds), 900, bounds)).toBe(false);
  // Beyond the newest sample there is nothing to load.
  const end = { fromMs: 10_000_000, toMs: 12_000_000 };
  expect(serves({ ...reachFor(end, 900), toMs: 11_000_000 }, end, 900, bounds)).toBe(true);
});
