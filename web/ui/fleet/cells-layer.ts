/**
 * The cells of a large fleet on their canvas: far out as a bitmap, close up as plots. Of what is in sight
 * only what changed is repainted, until the camera moves.
 */
import type { NodeColumns, NodeInfo } from '../../sim/snapshot.ts';
import { drawPlot } from '../topology/draw-plot.ts';
import { packLook, unpackLook } from '../topology/look.ts';
import { slotAtCell } from './blocks.ts';
import { cellCode, shades, writeCodes } from './cell-codes.ts';
import { cellInks } from './fleet-palette.ts';
import type { FleetPalette } from './fleet-palette.ts';
import type { FleetLayout } from './fleet-layout.ts';
import { metrics } from './metrics.ts';
import type { MetricId, Scale } from './metrics.ts';
import { paintCell } from './raster.ts';
import type { CellInk } from './raster.ts';

/** Cells from here on are plots with all that a small fleet shows. */
export const plotsFromPx = 22;
/** Cells from here on stand apart from each other. */
const gapFromPx = 6;
const namedFromPx = 58;
const nothing = 255;

export class CellsLayer {
  readonly #c: CanvasRenderingContext2D;
  #layout: FleetLayout;
  #palette: FleetPalette;
  #info: readonly NodeInfo[] = [];
  #inks: CellInk[] = [];
  #codes = new Uint8Array(0);
  #painted = new Uint8Array(0);
  #looks = new Uint32Array(0);
  /** Of plots under a metric other than moisture: what they show. */
  readonly #shown = new Map<number, string>();
  #bitmap: ImageData | null = null;
  #pixels = new Uint32Array(0);
  #stale = true;
  #metric: MetricId = 'moisture';

  constructor(c: CanvasRenderingContext2D, layout: FleetLayout, palette: FleetPalette) {
    this.#c = c;
    this.#layout = layout;
    this.#palette = palette;
  }

  /** Forgets what is painted. */
  renew(layout: FleetLayout, info: readonly NodeInfo[], palette: FleetPalette, metric: MetricId): void {
    if (this.#info !== info || this.#codes.length !== info.length) {
      this.#codes = new Uint8Array(info.length);
      this.#painted = new Uint8Array(info.length);
      this.#looks = new Uint32Array(info.length);
    }
    this.#layout = layout;
    this.#info = info;
    this.#palette = palette;
    this.#metric = metric;
    this.#inks = cellInks(palette, metric);
    this.#stale = true;
  }

  paint(nodes: NodeColumns, scale: Scale): void {
    writeCodes(this.#codes, nodes, this.#metric, metrics[this.#metric].column(nodes), scale);
    if (this.#layout.camera.cellPx >= plotsFromPx) this.#paintPlots(nodes);
    else this.#paintBitmap();
    this.#stale = false;
  }

  #clear(): void {
    const { left, top, width, height } = this.#layout.viewport;
    this.#c.clearRect(left - 1, top - 1, width + 2, height + 2);
  }

  #paintBitmap(): void {
    const { camera, viewport, nodeOfSlot } = this.#layout;
    const ratio = this.#c.getTransform().a;
    const width = Math.max(1, Math.round(viewport.width * ratio));
    const height = Math.max(1, Math.round(viewport.height * ratio));
    if (this.#bitmap?.width !== width || this.#bitmap.height !== height) {
      this.#bitmap = new ImageData(width, height);
      this.#pixels = new Uint32Array(this.#bitmap.data.buffer);
      this.#stale = true;
    }
    if (this.#stale) {
      this.#pixels.fill(0);
      this.#painted.fill(nothing);
      this.#clear();
    }
    const gap = camera.cellPx >= gapFromPx ? Math.max(1, Math.round(ratio)) : 0;
    const { fromColumn, toColumn, fromRow, toRow } = camera.inSight();
    let [dirtyTop, dirtyBottom] = [height, 0];
    for (let row = fromRow; row <= toRow; row++) {
      const top = Math.round(camera.top(row) * ratio);
      const bottom = Math.max(top + 1, Math.round((camera.top(row) + camera.cellPx) * ratio) - gap);
      for (let column = fromColumn; column <= toColumn; column++) {
        const slot = slotAtCell(camera.blocks, column, row);
        if (slot < 0) continue;
        const node = nodeOfSlot[slot]!;
        const code = this.#codes[node]!;
        if (code === this.#painted[node]) continue;
        this.#painted[node] = code;
        const left = Math.round(camera.left(column) * ratio);
        const right = Math.max(left + 1, Math.round((camera.left(column) + camera.cellPx) * ratio) - gap);
        paintCell(this.#pixels, width, height, left, top, right, bottom, this.#inks[code]!);
        dirtyTop = Math.min(dirtyTop, top);
        dirtyBottom = Math.max(dirtyBottom, bottom);
      }
    }
    if (this.#stale) [dirtyTop, dirtyBottom] = [0, height];
    dirtyTop = Math.max(0, dirtyTop);
    if (dirtyBottom <= dirtyTop) return;
    const [x, y] = [Math.round(viewport.left * ratio), Math.round(viewport.top * ratio)];
    this.#c.putImageData(this.#bitmap, x, y, 0, dirtyTop, width, Math.min(height, dirtyBottom) - dirtyTop);
  }

  #paintPlots(nodes: NodeColumns): void {
    const { camera, viewport, nodeOfSlot } = this.#layout;
    const c = this.#c;
    if (this.#stale) {
      this.#clear();
      this.#looks.fill(0xffffffff);
      this.#shown.clear();
    }
    const pitch = camera.cellPx;
    const labelPx = pitch >= namedFromPx ? 16 : 0;
    const side = (pitch - labelPx) * 0.88;
    const { fromColumn, toColumn, fromRow, toRow } = camera.inSight();
    c.save();
    c.beginPath();
    c.rect(viewport.left, viewport.top, viewport.width, viewport.height);
    c.clip();
    for (let row = fromRow; row <= toRow; row++) {
      for (let column = fromColumn; column <= toColumn; column++) {
        const slot = slotAtCell(camera.blocks, column, row);
        if (slot < 0) continue;
        const node = nodeOfSlot[slot]!;
        const look = packLook(nodes, node, false, false);
        const value = this.#metric === 'moisture' ? null : this.#value(nodes, node);
        const shown = value === null ? '' : value.colour + value.text;
        if (this.#looks[node] === look && this.#shown.get(node) === shown) continue;
        this.#looks[node] = look;
        this.#shown.set(node, shown);
        const left = viewport.left + camera.left(column);
        const top = viewport.top + camera.top(row);
        c.clearRect(left, top, pitch, pitch);
        const { id, kind } = this.#info[node]!;
        const facts = { id, real: kind === 'real', labelPx, labelWidth: pitch - 4, value };
        drawPlot(c, left + pitch / 2, top + (pitch - labelPx) / 2, side / 2, unpackLook(look), facts, this.#palette);
      }
    }
    c.restore();
  }

  /** What a plot shows under a metric other than moisture. */
  #value(nodes: NodeColumns, node: number): { colour: string; ink: string; text: string } {
    const palette = this.#palette;
    const code = this.#codes[node]!;
    const bare = palette['plot-bare'];
    if (this.#metric === 'state') {
      return { colour: code === cellCode.running ? palette.well : bare, ink: palette.ink, text: '' };
    }
    const { column, short } = metrics[this.#metric];
    const value = column(nodes)[node]!;
    const shaded = code < shades;
    return {
      colour: shaded ? palette.scale[this.#metric][code]! : bare,
      // The far half of a scale is dark in light and light in dark.
      ink: shaded && code > shades * 0.45 ? palette.surface : palette.ink,
      text: Number.isFinite(value) ? short(value) : '–',
    };
  }
}
