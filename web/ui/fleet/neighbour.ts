/** Where the arrow keys lead in a large fleet. */
import type { Direction } from '../topology/hit-test.ts';
import { cellColumn, cellRow, slotAtCell } from './blocks.ts';
import type { FleetLayout } from './fleet-layout.ts';

/**
 * The node beside another, gaps between blocks leapt over; `from` itself at a border. Rightwards the
 * field leads on to the fog and the cloud, and leftwards they lead back into it.
 */
export function fleetNeighbour(layout: FleetLayout, from: number, direction: Direction): number {
  const { slotOfNode, nodeOfSlot, beyond, camera } = layout;
  const { blocks } = camera;
  const slot = slotOfNode[from]!;
  const step = direction === 'right' || direction === 'down' ? 1 : -1;
  if (slot < 0) {
    const at = beyond.indexOf(from) + step;
    if (at < 0) return nodeOfSlot[nodeOfSlot.length - 1] ?? from;
    return beyond[at] ?? from;
  }
  const horizontal = direction === 'left' || direction === 'right';
  const column = cellColumn(blocks, slot) + (horizontal ? step : 0);
  const row = cellRow(blocks, slot) + (horizontal ? 0 : step);
  const next = slotAtCell(blocks, column, row);
  if (next >= 0) return nodeOfSlot[next]!;
  return direction === 'right' ? (beyond[0] ?? from) : from;
}
