/** Paints the three layers of the stage: the ground with its links, the nodes, and the motes above them. */
import { BROKER, hopKinds } from '../../sim/snapshot.ts';
import type { NodeInfo } from '../../sim/snapshot.ts';
import { drawBoard, drawBroker } from './draw-board.ts';
import { drawPlot } from './draw-plot.ts';
import type { Layout } from './layout.ts';
import { unpackLook } from './look.ts';
import { cross } from './marks.ts';
import { travelMs } from './motes.ts';
import { moteColours, moteSprites, spriteSize } from './mote-sprites.ts';
import type { Motes } from './motes.ts';
import type { Palette } from './palette.ts';
import { Route } from './route.ts';

type Context = CanvasRenderingContext2D;

const route = new Route();
/** Corners of the heads of one kind: they are stamped after the tails, so that no tail crosses a head. */
const headX: number[] = [];
const headY: number[] = [];

/**
 * Field, links and broker. `rates` is a level 0 to 4 for each node and widens its links; null draws
 * all links alike. The plots of a row share one channel.
 */
export function drawGround(
  c: Context,
  layout: Layout,
  info: readonly NodeInfo[],
  rates: Uint8Array | null,
  palette: Palette,
): void {
  c.clearRect(0, 0, layout.width, layout.height);
  const { field, nodeOfSlot, grid } = layout;
  c.beginPath();
  c.roundRect(field.left + 0.5, field.top + 0.5, field.width - 1, field.height - 1, 12);
  c.fillStyle = palette['surface-2'];
  c.fill();
  c.lineWidth = 1;
  c.strokeStyle = palette.line;
  c.stroke();

  for (let start = 0; start < nodeOfSlot.length; start += grid.columns) {
    const row = nodeOfSlot.subarray(start, start + grid.columns);
    const level = rates === null ? null : row.reduce((most, index) => Math.max(most, rates[index]!), 0);
    const colour = palette['line-strong'];
    // The two ends of a row reach both of a portrait field's sides; its other plots are on their way.
    drawLink(c, layout, row[0]!, BROKER, level, colour, 0.4);
    if (layout.portrait && row.length > 1) drawLink(c, layout, row[row.length - 1]!, BROKER, level, colour, 0.4);
    if (grid.plot >= 24) for (const index of row) stub(c, layout, index, colour);
  }
  for (const index of layout.beyond) {
    const colour = palette[info[index]!.tier];
    const level = rates === null ? null : rates[index]!;
    drawLink(c, layout, BROKER, index, level, colour, 0.55);
    drawLink(c, layout, index, BROKER, level, colour, 0.55);
  }
  drawBroker(c, layout.broker.x, layout.broker.y, layout.broker.half, palette);
}

/** The way from one node (or `BROKER`) to another; `level` 0 to 4 widens it, null draws it plain. */
export function drawLink(
  c: Context,
  layout: Layout,
  from: number,
  to: number,
  level: number | null,
  colour: string,
  alpha: number,
): void {
  route.lead(layout, from, to);
  c.beginPath();
  route.trace(c);
  c.lineWidth = level === null ? 1.5 : 1 + level * 1.2;
  c.lineJoin = 'round';
  c.setLineDash(level === 0 ? [2, 4] : []);
  c.globalAlpha = level === 0 ? alpha * 0.6 : alpha;
  c.strokeStyle = colour;
  c.stroke();
  c.setLineDash([]);
  c.globalAlpha = 1;
}

/** From a plot to the channel of its row. */
function stub(c: Context, layout: Layout, index: number, colour: string): void {
  c.beginPath();
  c.moveTo(layout.x[index]!, layout.y[index]! - layout.half[index]! * 0.6);
  c.lineTo(layout.x[index]!, layout.channelY[index]!);
  c.lineWidth = 1.5;
  c.globalAlpha = 0.4;
  c.strokeStyle = colour;
  c.stroke();
  c.globalAlpha = 1;
}

/** One node on the transparent node layer, clearing what was there. `bits` is a packed look. */
export function drawNode(
  c: Context,
  layout: Layout,
  info: NodeInfo,
  index: number,
  bits: number,
  palette: Palette,
): void {
  const { grid } = layout;
  const [x, y, half] = [layout.x[index]!, layout.y[index]!, layout.half[index]!];
  const look = unpackLook(bits);
  if (info.tier === 'edge') {
    c.clearRect(x - grid.pitchX / 2, y - grid.pitchY / 2 + grid.labelPx / 2, grid.pitchX, grid.pitchY);
    const facts = {
      id: info.id,
      real: info.kind === 'real',
      labelPx: grid.labelPx,
      labelWidth: grid.pitchX - 4,
      value: null,
    };
    drawPlot(c, x, y, half, look, facts, palette);
  } else {
    const reach = half * 1.25;
    c.clearRect(x - Math.max(60, half * 1.7), y - reach, Math.max(120, half * 3.4), reach * 2 + 24);
    drawBoard(c, info.tier, x, y, half, look, info.id, palette);
  }
}

const tailShare = 0.03;

/** All motes at `nowMs`, in the shapes and colours of the key. */
export function drawMotes(c: Context, layout: Layout, motes: Motes, nowMs: number, palette: Palette): void {
  c.clearRect(0, 0, layout.width, layout.height);
  const sprites = moteSprites(palette, c.getTransform().a);
  const colours = moteColours(palette);
  c.lineWidth = 2.5;
  for (let kind = 0; kind < hopKinds.length; kind++) {
    const lost = hopKinds[kind] === 'lost';
    const tails = new Path2D();
    let heads = 0;
    for (let i = 0; i < motes.count; i++) {
      const progress = (nowMs - motes.startMs[i]!) / travelMs;
      if (motes.kind[i] !== kind || progress < 0 || progress >= 1) continue;
      route.lead(layout, motes.from[i]!, motes.to[i]!);
      const t = lost ? Math.min(0.5, progress) : progress;
      const { x, y } = route.at(t);
      if (lost && progress >= 0.5) {
        c.globalAlpha = 2 - 2 * progress;
        cross(c, x, y, 5, palette.surface, 5);
        cross(c, x, y, 5, palette.bad, 2.5);
        c.globalAlpha = 1;
        c.lineWidth = 2.5;
        continue;
      }
      const tail = route.at(Math.max(0, t - tailShare));
      tails.moveTo(tail.x, tail.y);
      tails.lineTo(x, y);
      // Whole pixels: the browser then copies the sprite instead of resampling it.
      headX[heads] = Math.round(x - spriteSize / 2);
      headY[heads] = Math.round(y - spriteSize / 2);
      heads += 1;
    }
    if (heads === 0) continue;
    c.globalAlpha = 0.4;
    c.strokeStyle = colours[kind]!;
    c.stroke(tails);
    c.globalAlpha = 1;
    for (let i = 0; i < heads; i++) c.drawImage(sprites[kind]!, headX[i]!, headY[i]!, spriteSize, spriteSize);
  }
}
