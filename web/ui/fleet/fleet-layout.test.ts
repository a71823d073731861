import { expect, test } from 'vitest';
import type { NodeInfo, Tier } from '../../sim/snapshot.ts';
import { fleetNodeAt, layOutFleet, placeOf } from './fleet-layout.ts';
import { fleetNeighbour } from './neighbour.ts';

function info(edge: number): NodeInfo[] {
  const tiers: Tier[] = [...Array<Tier>(edge).fill('edge'), 'fog', 'cloud'];
  return tiers.map((tier, index) => ({ id: `${tier}-${index}`, tier, kind: 'simulated', mode: 'simulated' }));
}

const stages = [
  [960, 340],
  [590, 250],
  [366, 470],
] as const;

for (const [width, height] of stages) {
  // Else a press or a tip hits another node than the one under the pointer.
  test(`${width} by ${height}: every node of 10,000 is found at its place, fog and cloud too`, () => {
    const layout = layOutFleet(width, height, info(10_000));
    for (let node = 0; node < 10_002; node++) {
      const { x, y } = placeOf(layout, node);
      if (fleetNodeAt(layout, x, y) !== node) expect.fail(`node ${node} is not at ${x}, ${y}`);
    }
  });

  test(`${width} by ${height}: messages come out at the border of the field`, () => {
    const { field, x, y } = layOutFleet(width, height, info(10_000));
    for (let node = 0; node < 10_000; node += 37) {
      const away = Math.min(Math.abs(x[node]! - field.left), Math.abs(x[node]! - field.left - field.width));
      expect(away).toBeLessThan(10);
      expect(y[node]).toBeGreaterThanOrEqual(field.top);
      expect(y[node]).toBeLessThanOrEqual(field.top + field.height);
    }
  });
}

// Else a keyboard user is stranded in a block, or never reaches fog and cloud.
test('arrow keys leap from block to block, and lead to fog and cloud and back', () => {
  const layout = layOutFleet(960, 340, info(350));
  expect(fleetNeighbour(layout, 9, 'right')).toBe(100);
  expect(fleetNeighbour(layout, 100, 'left')).toBe(9);
  expect(fleetNeighbour(layout, 0, 'down')).toBe(10);
  expect(fleetNeighbour(layout, 0, 'up')).toBe(0);
  expect(fleetNeighbour(layout, 0, 'left')).toBe(0);
  const seen = new Set([0]);
  const queue = [0];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const direction of ['left', 'right', 'up', 'down'] as const) {
      const to = fleetNeighbour(layout, next, direction);
      if (!seen.has(to)) queue.push(to);
      seen.add(to);
    }
  }
  expect(seen.size).toBe(352);
});
