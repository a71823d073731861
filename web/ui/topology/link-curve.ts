/** The path a message takes between two places: a cubic curve that leaves and arrives along the flow. */
import { BROKER } from '../../sim/snapshot.ts';
import type { Layout } from './layout.ts';

/** x and y of the four control points. */
export type Curve = Float64Array;

const lanePx = 7;

/** Writes the curve between two nodes (or `BROKER`) into `curve`; the two directions get a lane each. */
export function linkCurve(layout: Layout, from: number, to: number, curve: Curve): void {
  const fromX = from === BROKER ? layout.broker.x : layout.x[from]!;
  const fromY = from === BROKER ? layout.broker.y : layout.y[from]!;
  const toX = to === BROKER ? layout.broker.x : layout.x[to]!;
  const toY = to === BROKER ? layout.broker.y : layout.y[to]!;
  const dx = toX - fromX;
  const dy = toY - fromY;
  const length = Math.hypot(dx, dy) || 1;
  // The normal turns with the direction, so there and back bend to opposite sides.
  const bendX = (-dy / length) * lanePx;
  const bendY = (dx / length) * lanePx;
  const vertical = layout.portrait && Math.abs(dy) > layout.broker.half;
  curve[0] = fromX;
  curve[1] = fromY;
  curve[2] = fromX + (vertical ? 0 : dx * 0.5) + bendX;
  curve[3] = fromY + (vertical ? dy * 0.5 : 0) + bendY;
  curve[4] = toX - (vertical ? 0 : dx * 0.5) + bendX;
  curve[5] = toY - (vertical ? dy * 0.5 : 0) + bendY;
  curve[6] = toX;
  curve[7] = toY;
}

/** x of the curve at `t` in 0..1 for `axis` 0, y for `axis` 1. */
export function curveAt(curve: Curve, axis: 0 | 1, t: number): number {
  const s = 1 - t;
  return (
    s * s * s * curve[axis]! +
    3 * s * s * t * curve[axis + 2]! +
    3 * s * t * t * curve[axis + 4]! +
    t * t * t * curve[axis + 6]!
  );
}
