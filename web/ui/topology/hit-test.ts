/** Which node is under a point, and which lies in a direction from another. */
import type { Layout } from './layout.ts';

/** Index of the node at a point of the stage, -1 for none. Independent of the number of plots. */
export function nodeAt(layout: Layout, x: number, y: number): number {
  const { grid } = layout;
  const row = Math.floor((y - grid.top) / grid.pitchY);
  if (row >= 0 && row < grid.rows) {
    const column = Math.floor((x - grid.left - (row % 2) * grid.staggerX) / grid.pitchX);
    const slot = row * grid.columns + column;
    const taken = column >= 0 && column < grid.columns && slot < layout.nodeOfSlot.length;
    if (taken) return layout.nodeOfSlot[slot]!;
  }
  for (const index of layout.beyond) {
    const reach = layout.half[index]! + 6;
    if (Math.abs(x - layout.x[index]!) <= reach && Math.abs(y - layout.y[index]!) <= reach) return index;
  }
  return -1;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The nearest node in a direction, preferring those straight ahead; `from` itself when there is none. */
export function neighbour(layout: Layout, from: number, direction: Direction): number {
  const horizontal = direction === 'left' || direction === 'right';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  const [along, across] = horizontal ? [layout.x, layout.y] : [layout.y, layout.x];
  let best = from;
  let bestCost = Infinity;
  for (let i = 0; i < along.length; i++) {
    const ahead = (along[i]! - along[from]!) * sign;
    const aside = Math.abs(across[i]! - across[from]!);
    if (i === from || ahead < 0.5) continue;
    const cost = ahead + aside * 1.4;
    if (cost < bestCost) [best, bestCost] = [i, cost];
  }
  return best;
}
