/** The stage of a large fleet: a field that takes most of it, and broker, fog and cloud in a strip beside or below. */
import type { NodeInfo } from '../../sim/snapshot.ts';
import { packGrid } from '../topology/grid.ts';
import { placePortrait, placeWide } from '../topology/layout.ts';
import type { Layout, Rect } from '../topology/layout.ts';
import { Camera } from './camera.ts';

const paddingPx = 9;
/** From the border of the field to where its messages come out. */
const gatePx = 7;

export interface FleetLayout extends Layout {
  /** Where in the stage the camera's picture is. */
  viewport: Rect;
  camera: Camera;
  /** Node of each slot, and slot of each node, -1 for those outside the field. */
  slotOfNode: Int32Array;
}

export function layOutFleet(width: number, height: number, info: readonly NodeInfo[]): FleetLayout {
  const portrait = height > width * 0.85 || width < 520;
  const edge: number[] = [];
  const fog: number[] = [];
  const cloud: number[] = [];
  info.forEach(({ tier }, index) => ({ edge, fog, cloud })[tier].push(index));
  const { field, broker, spots, headings } = (portrait ? placePortrait : placeWide)(width, height, fog, cloud, true);
  const viewport = {
    left: field.left + paddingPx,
    top: field.top + 2,
    width: Math.max(1, field.width - 2 * paddingPx),
    height: Math.max(1, field.height - paddingPx),
  };
  const count = info.length;
  const layout: FleetLayout = {
    width,
    height,
    portrait,
    x: new Float32Array(count),
    y: new Float32Array(count),
    half: new Float32Array(count),
    channelY: new Float32Array(count),
    broker,
    field,
    grid: packGrid(0, 0, 0, 0, 0),
    nodeOfSlot: Int32Array.from(edge),
    beyond: Int32Array.from([...fog, ...cloud]),
    headings: headings.filter(({ tier }) => tier !== 'edge'),
    viewport,
    camera: new Camera(edge.length, viewport.width, viewport.height),
    slotOfNode: new Int32Array(count).fill(-1),
  };
  edge.forEach((node, slot) => (layout.slotOfNode[node] = slot));
  for (const { index, x, y, half } of spots) {
    layout.x[index] = x;
    layout.y[index] = y;
    layout.half[index] = half;
  }
  openGates(layout);
  return layout;
}

/**
 * Messages of the field are seen outside it only, or thousands would hide it: each comes and goes at the
 * field's border, beside its node's row when the whole fleet is in sight.
 */
function openGates({ portrait, field, viewport, camera, nodeOfSlot, x, y, channelY }: FleetLayout): void {
  const bottom = field.top + field.height - gatePx;
  for (let slot = 0; slot < nodeOfSlot.length; slot++) {
    const node = nodeOfSlot[slot]!;
    if (portrait) {
      const middle = viewport.left + camera.leftOf(slot) + camera.cellPx / 2;
      x[node] = middle > field.left + field.width / 2 ? field.left + field.width - gatePx : field.left + gatePx;
      y[node] = bottom;
    } else {
      x[node] = field.left + field.width - gatePx;
      y[node] = Math.min(bottom, Math.max(field.top + gatePx, viewport.top + camera.topOf(slot) + camera.cellPx / 2));
    }
    channelY[node] = y[node]!;
  }
}

export interface Place {
  x: number;
  y: number;
  half: number;
}

/** Centre and half side of a node as it is on the stage now; outside the field's viewport when it is out of sight. */
export function placeOf({ slotOfNode, viewport, camera, x, y, half }: FleetLayout, node: number): Place {
  const slot = slotOfNode[node]!;
  if (slot < 0) return { x: x[node]!, y: y[node]!, half: half[node]! };
  const halfCell = camera.cellPx / 2;
  return {
    x: viewport.left + camera.leftOf(slot) + halfCell,
    y: viewport.top + camera.topOf(slot) + halfCell,
    half: halfCell,
  };
}

/** Index of the node at a point of the stage, -1 for none. */
export function fleetNodeAt(layout: FleetLayout, x: number, y: number): number {
  const { viewport, camera, nodeOfSlot } = layout;
  const slot = camera.slotAt(x - viewport.left, y - viewport.top);
  if (slot >= 0) return nodeOfSlot[slot]!;
  for (const index of layout.beyond) {
    const reach = layout.half[index]! + 6;
    if (Math.abs(x - layout.x[index]!) <= reach && Math.abs(y - layout.y[index]!) <= reach) return index;
  }
  return -1;
}
