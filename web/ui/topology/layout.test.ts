import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tier } from '../../sim/snapshot.ts';
import { neighbour, nodeAt } from './hit-test.ts';
import { layOut } from './layout.ts';

function fleet(edge: number, fog = 1, cloud = 1): Tier[] {
  const many = (tier: Tier, count: number) => Array<Tier>(count).fill(tier);
  return [...many('edge', edge), ...many('fog', fog), ...many('cloud', cloud)];
}

const stages = fc.record({
  width: fc.integer({ min: 300, max: 1600 }),
  height: fc.integer({ min: 240, max: 900 }),
  edge: fc.integer({ min: 1, max: 1200 }),
  fog: fc.integer({ min: 1, max: 4 }),
});

// Else nodes hang outside the picture, where they can be neither seen nor clicked.
test('every node stands inside the stage, plots inside their field', () => {
  fc.assert(
    fc.property(stages, ({ width, height, edge, fog }) => {
      const layout = layOut(width, height, fleet(edge, fog));
      const stage = { left: 0, top: 0, width, height };
      const outside = layout.half.findIndex((size, i) => {
        const half = size - 0.01;
        const room = i < edge ? layout.field : stage;
        const [left, top] = [layout.x[i]! - half - room.left, layout.y[i]! - half - room.top];
        return left < 0 || top < 0 || left + 2 * half > room.width || top + 2 * half > room.height;
      });
      expect(outside).toBe(-1);
    }),
  );
});

// Else a click selects another node than the one under the pointer.
test('the node at a node\'s centre is that node', () => {
  fc.assert(
    fc.property(stages, ({ width, height, edge, fog }) => {
      const layout = layOut(width, height, fleet(edge, fog));
      for (let i = 0; i < edge + fog + 1; i++) expect(nodeAt(layout, layout.x[i]!, layout.y[i]!)).toBe(i);
    }),
    { numRuns: 40 },
  );
});

test('nothing is hit between field and broker, nor where a last row is empty', () => {
  const layout = layOut(1000, 400, fleet(100));
  expect(nodeAt(layout, layout.field.left + layout.field.width + 4, 200)).toBe(-1);
  expect(nodeAt(layout, layout.broker.x, layout.broker.y)).toBe(-1);
  const { grid } = layoutWithGap();
  const layoutGap = layoutWithGap();
  const emptyX = grid.left + (grid.columns - 0.5) * grid.pitchX;
  expect(nodeAt(layoutGap, emptyX, grid.top + (grid.rows - 0.5) * grid.pitchY)).toBe(-1);
});

function layoutWithGap() {
  for (let edge = 7; ; edge++) {
    const layout = layOut(900, 400, fleet(edge));
    if (layout.grid.columns * layout.grid.rows >= edge + 2) return layout;
  }
}

// Else the arrow keys strand a keyboard user in a part of the picture.
test('arrow keys reach every node from any node', () => {
  for (const [width, height] of [[1000, 400], [390, 560]] as const) {
    const layout = layOut(width, height, fleet(23, 2));
    const reached = new Set([0]);
    const queue = [0];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const direction of ['left', 'right', 'up', 'down'] as const) {
        const to = neighbour(layout, next, direction);
        if (reached.has(to)) continue;
        reached.add(to);
        queue.push(to);
      }
    }
    expect(reached.size).toBe(26);
  }
});

test('an arrow moves to the plot beside in the same row, and stays at the border', () => {
  const layout = layOut(1000, 400, fleet(12));
  expect(neighbour(layout, 0, 'right')).toBe(1);
  expect(neighbour(layout, 1, 'left')).toBe(0);
  expect(neighbour(layout, 0, 'left')).toBe(0);
  expect(neighbour(layout, 0, 'up')).toBe(0);
});

// Else every second row can be reached by a detour only.
test('down and up move by one row, although rows are shifted', () => {
  const layout = layOut(1000, 400, fleet(12));
  const { columns } = layout.grid;
  const below = neighbour(layout, 1, 'down');
  expect(Math.floor(below / columns)).toBe(1);
  expect(Math.floor(neighbour(layout, below, 'up') / columns)).toBe(0);
});

test('a narrow stage flows downwards: broker below the field, fog and cloud on either side', () => {
  const layout = layOut(390, 560, fleet(6));
  expect(layout.portrait).toBe(true);
  expect(layout.broker.y).toBeGreaterThan(layout.field.top + layout.field.height);
  expect(layout.x[6]!).toBeLessThan(layout.broker.x);
  expect(layout.x[7]!).toBeGreaterThan(layout.broker.x);
});

// Else a resize of the window with a large fleet freezes the page.
test('ten thousand plots are laid out within an animation frame or two, and stay apart', () => {
  const startMs = performance.now();
  const layout = layOut(1000, 500, fleet(10_000));
  expect(performance.now() - startMs).toBeLessThan(250);
  expect(layout.grid.plot).toBeGreaterThan(2);
  expect(layout.grid.pitchX).toBeGreaterThan(layout.grid.plot);
  expect(layout.grid.pitchY).toBeGreaterThan(layout.grid.plot);
});
