/** Paints what is around the cells of a large fleet: the field, the blocks' names, links, marks and rings. */
import { BROKER } from '../../sim/snapshot.ts';
import type { NodeInfo } from '../../sim/snapshot.ts';
import { drawBroker } from '../topology/draw-board.ts';
import { drawLink } from '../topology/draw.ts';
import { bolt, cross, warning } from '../topology/marks.ts';
import type { Palette } from '../topology/palette.ts';
import { blockSide, gapY, nodesPerBlock } from './blocks.ts';
import { placeOf } from './fleet-layout.ts';
import type { FleetLayout } from './fleet-layout.ts';
import { troubleKinds } from './troubles.ts';
import type { TroubleKind, Troubles } from './troubles.ts';

type Context = CanvasRenderingContext2D;

/** Signs of troubles in a block's name, the heaviest first. */
const signs: [TroubleKind, string, 'bad' | 'warn' | 'ink-2'][] = [
  ['faulted', '✕', 'bad'],
  ['restarting', '↻', 'bad'],
  ['anomaly', '▲', 'warn'],
  ['off', '○', 'ink-2'],
];
const linksFromField = 12;
const narrowestNamePx = 26;

export function drawFleetGround(
  c: Context,
  layout: FleetLayout,
  info: readonly NodeInfo[],
  rates: Uint8Array | null,
  palette: Palette,
): void {
  const { field, nodeOfSlot, beyond } = layout;
  c.clearRect(0, 0, layout.width, layout.height);
  c.beginPath();
  c.roundRect(field.left + 0.5, field.top + 0.5, field.width - 1, field.height - 1, 12);
  c.fillStyle = palette['surface-2'];
  c.fill();
  c.lineWidth = 1;
  c.strokeStyle = palette.line;
  c.stroke();
  const step = Math.max(1, Math.floor(nodeOfSlot.length / linksFromField));
  for (let slot = Math.floor(step / 2); slot < nodeOfSlot.length; slot += step) {
    const level = rates === null ? null : most(rates, nodeOfSlot.subarray(slot, slot + step));
    drawLink(c, layout, nodeOfSlot[slot]!, BROKER, level, palette['line-strong'], 0.3);
  }
  for (const index of beyond) {
    const level = rates === null ? null : rates[index]!;
    drawLink(c, layout, BROKER, index, level, palette[info[index]!.tier], 0.55);
    drawLink(c, layout, index, BROKER, level, palette[info[index]!.tier], 0.55);
  }
  drawBroker(c, layout.broker.x, layout.broker.y, layout.broker.half, palette);
}

function most(rates: Uint8Array, nodes: Int32Array): number {
  let highest = 0;
  for (const node of nodes) highest = Math.max(highest, rates[node]!);
  return highest;
}

/** With each name how many of the block's nodes are in trouble. `perBlock` as `troublesPerBlock` gives it. */
export function drawBlockNames(c: Context, layout: FleetLayout, perBlock: Uint16Array, palette: Palette): void {
  const { camera, viewport } = layout;
  const { blocks } = camera;
  const blockPx = blockSide * camera.cellPx;
  if (blockPx < narrowestNamePx) return;
  const sizePx = blockPx >= 70 ? 10.5 : 9;
  c.textBaseline = 'middle';
  const { fromColumn, toColumn, fromRow, toRow } = camera.inSight();
  const kinds = troubleKinds.length;
  c.save();
  c.beginPath();
  c.rect(viewport.left, viewport.top, viewport.width, viewport.height);
  c.clip();
  for (let row = Math.floor(fromRow / blockSide); row <= Math.floor(toRow / blockSide); row++) {
    for (let column = Math.floor(fromColumn / blockSide); column <= Math.floor(toColumn / blockSide); column++) {
      const block = row * blocks.columns + column;
      const first = block * nodesPerBlock;
      if (first >= blocks.count) continue;
      const blockLeft = viewport.left + camera.left(column * blockSide);
      const y = viewport.top + camera.top(row * blockSide) - gapY(camera.cellPx) / 2;
      // A block that is partly in sight has its name over that part.
      const left = Math.max(viewport.left, blockLeft);
      const right = Math.min(viewport.left + viewport.width, blockLeft + blockPx);
      const troubled = signs.filter(([kind]) => perBlock[block * kinds + troubleKinds.indexOf(kind)]! > 0);
      let room = right - left;
      let end = right;
      c.textAlign = 'right';
      c.font = `700 ${sizePx}px ${palette.font}`;
      for (const [kind, sign, colour] of troubled) {
        const text = `${sign}${perBlock[block * kinds + troubleKinds.indexOf(kind)]!}`;
        const width = c.measureText(text).width + 3;
        if (width > room) break;
        c.fillStyle = palette[colour];
        c.fillText(text, end, y);
        end -= width;
        room -= width;
      }
      c.font = `500 ${sizePx}px ${palette.font}`;
      const last = Math.min(blocks.count, first + nodesPerBlock);
      const name = [`${first + 1} to ${last}`, `${first + 1}`].find((text) => c.measureText(text).width <= room - 2);
      if (name === undefined) continue;
      c.textAlign = 'left';
      c.fillStyle = palette['ink-2'];
      c.fillText(name, left, y);
    }
  }
  c.restore();
}

const markPx = 15;
let drawn: { palette: Palette; pixelRatio: number; sprites: HTMLCanvasElement[] } | null = null;

/** A mark over each node in trouble, never smaller than can be seen, however small its cell is. */
export function drawMarks(c: Context, layout: FleetLayout, { marks }: Troubles, palette: Palette): void {
  const pixelRatio = c.getTransform().a;
  if (drawn?.palette !== palette || drawn.pixelRatio !== pixelRatio) {
    drawn = { palette, pixelRatio, sprites: troubleKinds.map((kind) => sprite(kind, palette, pixelRatio)) };
  }
  const { viewport } = layout;
  for (const { node, kind } of marks) {
    if (layout.slotOfNode[node]! < 0) continue;
    const { x, y } = placeOf(layout, node);
    if (x < viewport.left || y < viewport.top || x > viewport.left + viewport.width || y > viewport.top + viewport.height) continue;
    c.drawImage(drawn.sprites[kind]!, Math.round(x - markPx / 2), Math.round(y - markPx / 2), markPx, markPx);
  }
}

function sprite(kind: TroubleKind, palette: Palette, pixelRatio: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.ceil(markPx * pixelRatio);
  const c = canvas.getContext('2d');
  if (c === null) return canvas;
  c.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  const middle = markPx / 2;
  if (kind === 'anomaly') {
    warning(c, middle, middle, 6, palette);
    return canvas;
  }
  if (kind === 'sensorFault') {
    bolt(c, middle, middle, 6, palette);
    return canvas;
  }
  c.beginPath();
  c.arc(middle, middle, 6.2, 0, Math.PI * 2);
  c.fillStyle = palette.surface;
  c.fill();
  c.lineWidth = 1.8;
  c.strokeStyle = kind === 'off' ? palette['ink-2'] : palette.bad;
  if (kind === 'restarting') c.setLineDash([3, 2]);
  c.stroke();
  c.setLineDash([]);
  if (kind === 'off') {
    c.beginPath();
    c.moveTo(middle, middle - 3.5);
    c.lineTo(middle, middle + 0.5);
    c.stroke();
  } else cross(c, middle, middle, 2.6, palette.bad, 2);
  return canvas;
}

/** A ring about a node, kept large enough to be found. */
export function drawRing(c: Context, layout: FleetLayout, node: number, selected: boolean, palette: Palette): void {
  if (node < 0 || layout.slotOfNode[node]! < 0) return;
  const { x, y, half } = placeOf(layout, node);
  const { viewport } = layout;
  const reach = Math.max(half + 1.5, selected ? 8 : 5);
  if (x + reach < viewport.left || y + reach < viewport.top) return;
  if (x - reach > viewport.left + viewport.width || y - reach > viewport.top + viewport.height) return;
  c.beginPath();
  c.roundRect(x - reach, y - reach, reach * 2, reach * 2, Math.min(6, reach / 2));
  c.lineWidth = selected ? 5.5 : 3.5;
  c.strokeStyle = palette.surface;
  c.stroke();
  c.lineWidth = selected ? 2.5 : 1.5;
  c.strokeStyle = selected ? palette.focus : palette.ink;
  c.stroke();
}

/** Counts of `troubleKinds`, one after another for each block. */
export function troublesPerBlock(layout: FleetLayout, kindOf: (node: number) => number): Uint16Array {
  const { nodeOfSlot } = layout;
  const counts = new Uint16Array(Math.ceil(nodeOfSlot.length / nodesPerBlock) * troubleKinds.length);
  for (let slot = 0; slot < nodeOfSlot.length; slot++) {
    const kind = kindOf(nodeOfSlot[slot]!);
    if (kind >= 0) counts[Math.floor(slot / nodesPerBlock) * troubleKinds.length + kind]!++;
  }
  return counts;
}
