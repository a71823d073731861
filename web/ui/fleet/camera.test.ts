import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockSide, contentHeight, contentWidth } from './blocks.ts';
import { between, Camera, largestCellPx } from './camera.ts';

const fleets = fc.record({
  count: fc.integer({ min: 101, max: 20_000 }),
  width: fc.integer({ min: 250, max: 1400 }),
  height: fc.integer({ min: 150, max: 900 }),
});
/** A place in the viewport, as shares of it, and how far the camera went in. */
const looks = fc.record({
  shareX: fc.double({ min: 0, max: 1, noNaN: true }),
  shareY: fc.double({ min: 0, max: 1, noNaN: true }),
  factor: fc.double({ min: 1, max: 60, noNaN: true }),
});

function cameraAt({ count, width, height }: { count: number; width: number; height: number }, look: { shareX: number; shareY: number; factor: number }) {
  const camera = new Camera(count, width, height);
  camera.show(camera.zoomed(look.factor, look.shareX * width, look.shareY * height));
  return camera;
}

// Else nodes hang outside the field, where they can be neither seen nor pressed.
test('fitted, every cell is in sight', () => {
  fc.assert(
    fc.property(fleets, (fleet) => {
      const camera = new Camera(fleet.count, fleet.width, fleet.height);
      const outside = Array.from({ length: fleet.count }, (_, slot) => slot).find((slot) => {
        const [left, top] = [camera.leftOf(slot), camera.topOf(slot)];
        const reach = camera.cellPx - 0.01;
        return left < -0.01 || top < -0.01 || left + reach > fleet.width || top + reach > fleet.height;
      });
      expect(outside).toBeUndefined();
    }),
    { numRuns: 30 },
  );
});

// Else a press selects another node than the one under the pointer.
test('at any magnification the cell at its own centre is itself', () => {
  fc.assert(
    fc.property(fleets, looks, fc.nat(), (fleet, look, pick) => {
      const camera = cameraAt(fleet, look);
      const slot = pick % fleet.count;
      camera.show(camera.centred(slot, camera.cellPx));
      const half = camera.cellPx / 2;
      expect(camera.slotAt(camera.leftOf(slot) + half, camera.topOf(slot) + half)).toBe(slot);
    }),
  );
});

// Else what one zooms in on slips away.
test('zooming holds the node under the pointer, away from the borders of the content', () => {
  fc.assert(
    fc.property(fleets, looks, fc.double({ min: 1.05, max: 3, noNaN: true }), (fleet, look, factor) => {
      const camera = cameraAt(fleet, look);
      const [x, y] = [fleet.width / 2, fleet.height / 2];
      const slot = camera.slotAt(x, y);
      camera.show(camera.zoomed(factor, x, y));
      const { view } = camera;
      const free =
        view.x < 0 && view.y < 0 &&
        view.x + contentWidth(camera.blocks, view.cellPx) > fleet.width &&
        view.y + contentHeight(camera.blocks, view.cellPx) > fleet.height;
      fc.pre(slot >= 0 && free);
      const { cellPx } = camera;
      for (const [place, start] of [[x, camera.leftOf(slot)], [y, camera.topOf(slot)]] as const) {
        expect(place).toBeGreaterThan(start - 1e-6);
        expect(place).toBeLessThan(start + cellPx + 1e-6);
      }
    }),
  );
});

test('the camera never leaves the content nor its limits', () => {
  const moves = fc.array(fc.record({ dx: fc.integer({ min: -5000, max: 5000 }), dy: fc.integer({ min: -5000, max: 5000 }), factor: fc.double({ min: 0.01, max: 100, noNaN: true }) }), { maxLength: 12 });
  fc.assert(
    fc.property(fleets, moves, (fleet, steps) => {
      const camera = new Camera(fleet.count, fleet.width, fleet.height);
      for (const { dx, dy, factor } of steps) {
        camera.show(camera.zoomed(factor, fleet.width / 3, fleet.height / 3));
        camera.show(camera.panned(dx, dy));
        const { x, y, cellPx } = camera.view;
        expect(cellPx).toBeGreaterThanOrEqual(camera.fitPx - 1e-9);
        expect(cellPx).toBeLessThanOrEqual(Math.max(largestCellPx, camera.fitPx));
        const { fromColumn, toColumn, fromRow, toRow } = camera.inSight();
        expect(toColumn).toBeGreaterThanOrEqual(fromColumn);
        expect(toRow).toBeGreaterThanOrEqual(fromRow);
        expect(x).toBeLessThanOrEqual(fleet.width);
        expect(y).toBeLessThanOrEqual(fleet.height);
      }
      camera.show(camera.fit());
      expect(camera.fitted).toBe(true);
    }),
  );
});

describe('following the selection', () => {
  const camera = new Camera(10_000, 700, 300);

  test('a node out of sight comes into sight, one in sight moves nothing', () => {
    camera.show(camera.centred(50, 60));
    const seen = camera.view;
    expect(camera.revealing(50, 30)).toEqual(seen);
    camera.show(camera.revealing(7777, 30));
    expect(camera.leftOf(7777)).toBeGreaterThanOrEqual(0);
    expect(camera.leftOf(7777) + camera.cellPx).toBeLessThanOrEqual(700);
    expect(camera.topOf(7777) + camera.cellPx).toBeLessThanOrEqual(300);
  });

  test('zooming about a node at the very border keeps all of it in sight', () => {
    camera.show(camera.fit());
    for (let i = 0; i < 8; i++) camera.show(camera.zoomedAbout(1.6, 0));
    expect(camera.leftOf(0)).toBeGreaterThanOrEqual(0);
    expect(camera.topOf(0)).toBeGreaterThanOrEqual(0);
    expect(camera.closest).toBe(true);
  });
});

test('a glide begins where one is and ends where one goes', () => {
  const [from, to] = [{ cellPx: 4, x: 0, y: -10 }, { cellPx: 80, x: -300, y: -900 }];
  expect(between(from, to, 0)).toEqual(from);
  expect(between(from, to, 1)).toEqual(to);
});

test('blocks hold ten by ten nodes, in order', () => {
  const camera = new Camera(1000, 700, 300);
  expect(camera.topOf(9)).toBe(camera.topOf(0));
  expect(camera.leftOf(blockSide)).toBe(camera.leftOf(0));
  expect(camera.topOf(blockSide)).toBeCloseTo(camera.topOf(0) + camera.cellPx);
});
