/**
 * Keeps the canvases of a large fleet in step with the frames: ground and names, cells, marks, and the
 * messages in their strip. The animation loop runs only while something moves or waits.
 */
import type { HopColumns, NodeColumns, NodeInfo } from '../../sim/snapshot.ts';
import { drawMotes } from '../topology/draw.ts';
import { drawBoard } from '../topology/draw-board.ts';
import { LinkRates } from '../topology/link-rates.ts';
import { packLook, unpackLook } from '../topology/look.ts';
import { Motes } from '../topology/motes.ts';
import { between } from './camera.ts';
import type { Camera, View } from './camera.ts';
import { CellsLayer, plotsFromPx } from './cells-layer.ts';
import { drawBlockNames, drawFleetGround, drawMarks, drawRing, troublesPerBlock } from './draw-fleet.ts';
import { layOutFleet } from './fleet-layout.ts';
import type { FleetLayout } from './fleet-layout.ts';
import type { FleetPalette } from './fleet-palette.ts';
import { metrics, spanOf } from './metrics.ts';
import type { MetricId, Scale } from './metrics.ts';
import { findTroubles, troubleOf } from './troubles.ts';
import type { Troubles } from './troubles.ts';

/** Cells that change faster than this are not told apart. */
const CELLS_EVERY_MS = 120;
/** Counts and scales that change faster than this cannot be read. */
const SURVEY_EVERY_MS = 500;
const GLIDE_MS = 220;
/** Fewer than in a small fleet: they share a strip. */
const mostMotes = 140;

export interface Survey {
  troubles: Troubles;
  scale: Scale;
}

export class FleetStage {
  readonly #canvases: readonly HTMLCanvasElement[];
  readonly #layers: readonly CanvasRenderingContext2D[];
  readonly #cells: CellsLayer;
  readonly #motes = new Motes(mostMotes);
  readonly #onsurvey: (survey: Survey) => void;
  readonly #onview: () => void;
  #rates = new LinkRates(0);
  #palette: FleetPalette;
  #layout: FleetLayout = layOutFleet(1, 1, []);
  #info: readonly NodeInfo[] = [];
  #nodes: NodeColumns | null = null;
  #troubles: Troubles | null = null;
  #perBlock: Uint16Array = new Uint16Array(0);
  #scale: Scale = { low: 0, high: 100 };
  #metric: MetricId = 'moisture';
  #selected = -1;
  #hovered = -1;
  #still = false;
  #boards = new Map<number, number>();
  #stale = { ground: true, cells: false, marks: true };
  #cellsAtMs = -Infinity;
  #surveyedAtMs = -Infinity;
  #motesPainted = false;
  #glide: { from: View; to: View; startMs: number } | null = null;
  #request = 0;

  /** @param canvases ground, cells, marks and motes, from back to front */
  constructor(
    canvases: readonly HTMLCanvasElement[],
    palette: FleetPalette,
    told: { onsurvey: (survey: Survey) => void; onview: () => void },
  ) {
    this.#canvases = canvases;
    this.#layers = canvases.map((canvas) => canvas.getContext('2d')!);
    this.#palette = palette;
    this.#cells = new CellsLayer(this.#layers[1]!, this.#layout, palette);
    this.#onsurvey = told.onsurvey;
    this.#onview = told.onview;
  }

  get layout(): FleetLayout {
    return this.#layout;
  }

  /** CSS pixels. */
  resize(width: number, height: number, pixelRatio: number): void {
    for (const [k, canvas] of this.#canvases.entries()) {
      canvas.width = Math.round(width * pixelRatio);
      canvas.height = Math.round(height * pixelRatio);
      // Whole device pixels, or the browser would rescale and blur it.
      canvas.style.width = `${canvas.width / pixelRatio}px`;
      canvas.style.height = `${canvas.height / pixelRatio}px`;
      this.#layers[k]!.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    }
    this.#layOut(width, height);
    // A resized canvas is blank until painted: painting before this frame is shown avoids a flash.
    this.#paint(performance.now());
  }

  setInfo(info: readonly NodeInfo[]): void {
    this.#info = info;
    this.#rates = new LinkRates(info.length);
    this.#motes.clear();
    this.#nodes = null;
    this.#troubles = null;
    this.#layOut(this.#layout.width, this.#layout.height);
  }

  setPalette(palette: FleetPalette): void {
    this.#palette = palette;
    this.#renew();
  }

  setMetric(metric: MetricId): void {
    this.#metric = metric;
    this.#surveyedAtMs = -Infinity;
    this.#renew();
  }

  /** `still`: nothing moves by itself; the width of the links tells the rate instead of dots. */
  setStill(still: boolean): void {
    this.#still = still;
    this.#motes.clear();
    this.#renew();
  }

  point(selected: number, hovered: number): void {
    this.#selected = selected;
    this.#hovered = hovered;
    this.#stale.marks = true;
    this.#cellsNow();
  }

  showNodes(nodes: NodeColumns): void {
    this.#nodes = nodes;
    this.#stale.cells = true;
    this.#wake();
  }

  showHops(hops: HopColumns): void {
    const nowMs = performance.now();
    if (!this.#still) this.#motes.add(hops, nowMs);
    else if (this.#rates.add(hops, nowMs)) this.#stale.ground = true;
    this.#wake();
  }

  /** Moves the camera: at once, or gliding where that tells where one is going. */
  look(to: View, gliding: boolean): void {
    if (gliding && !this.#still) {
      this.#glide = { from: this.#layout.camera.view, to, startMs: performance.now() };
      this.#wake();
    } else {
      this.#glide = null;
      this.#show(to);
    }
  }

  /** As `look`, from where a glide under way will end. */
  lookFrom(next: (camera: Camera) => View, gliding: boolean): void {
    const { camera } = this.#layout;
    const seen = camera.view;
    if (this.#glide) camera.show(this.#glide.to);
    const to = next(camera);
    camera.show(seen);
    this.look(to, gliding);
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
    this.#request = -1;
  }

  #layOut(width: number, height: number): void {
    const before = this.#layout.camera;
    this.#layout = layOutFleet(width, height, this.#info);
    this.#glide = null;
    const { camera } = this.#layout;
    if (before.blocks.count === camera.blocks.count && !before.fitted) {
      // What was in the middle stays there.
      const slot = before.slotAt(before.width / 2, before.height / 2);
      if (slot >= 0) camera.show(camera.centred(slot, before.cellPx));
    }
    this.#surveyedAtMs = -Infinity;
    this.#renew();
    this.#onview();
  }

  #show(view: View): void {
    this.#layout.camera.show(view);
    this.#renew();
    this.#onview();
  }

  #renew(): void {
    this.#cells.renew(this.#layout, this.#info, this.#palette, this.#metric);
    this.#boards.clear();
    this.#stale.ground = this.#stale.marks = true;
    this.#cellsNow();
  }

  /** What the user does to the picture shows in the next frame. */
  #cellsNow(): void {
    this.#stale.cells = true;
    this.#cellsAtMs = -Infinity;
    this.#wake();
  }

  #wake(): void {
    if (this.#request === 0) this.#request = requestAnimationFrame((nowMs) => this.#tick(nowMs));
  }

  #tick(nowMs: number): void {
    this.#request = 0;
    if (this.#glide) {
      const { from, to, startMs } = this.#glide;
      const share = Math.min(1, (nowMs - startMs) / GLIDE_MS);
      if (share >= 1) this.#glide = null;
      this.#show(between(from, to, 1 - (1 - share) ** 3));
    }
    this.#paint(nowMs);
    if (this.#motes.count > 0 || this.#stale.cells || this.#glide) this.#wake();
  }

  #paint(nowMs: number): void {
    const [ground, , marks, motes] = this.#layers as [CanvasRenderingContext2D, unknown, CanvasRenderingContext2D, CanvasRenderingContext2D];
    const layout = this.#layout;
    if (this.#stale.cells && nowMs - this.#cellsAtMs >= CELLS_EVERY_MS) this.#paintCells(nowMs);
    if (this.#stale.ground) {
      drawFleetGround(ground, layout, this.#info, this.#still ? this.#rates.level : null, this.#palette);
      drawBlockNames(ground, layout, this.#perBlock, this.#palette);
      this.#stale.ground = false;
    }
    if (this.#stale.marks) {
      this.#stale.marks = false;
      marks.clearRect(0, 0, layout.width, layout.height);
      if (this.#troubles && layout.camera.cellPx < plotsFromPx) drawMarks(marks, layout, this.#troubles, this.#palette);
      drawRing(marks, layout, this.#hovered, false, this.#palette);
      drawRing(marks, layout, this.#selected, true, this.#palette);
    }
    this.#motes.sweep(nowMs);
    // One more painting after the last mote wipes it away.
    if (this.#motes.count > 0 || this.#motesPainted) {
      drawMotes(motes, layout, this.#motes, nowMs, this.#palette);
      this.#motesPainted = this.#motes.count > 0;
    }
  }

  #paintCells(nowMs: number): void {
    this.#stale.cells = false;
    this.#cellsAtMs = nowMs;
    const nodes = this.#nodes;
    if (nodes?.state.length !== this.#info.length || nodes.state.length === 0) return;
    if (nowMs - this.#surveyedAtMs >= SURVEY_EVERY_MS) this.#survey(nodes, nowMs);
    this.#cells.paint(nodes, this.#scale);
    for (const index of this.#layout.beyond) this.#paintBoard(nodes, index);
  }

  #survey(nodes: NodeColumns, nowMs: number): void {
    this.#surveyedAtMs = nowMs;
    const { scale, column } = metrics[this.#metric];
    const edge = this.#layout.nodeOfSlot.length;
    // The edge nodes come first; fog and cloud carry loads of another order.
    this.#scale = scale ?? spanOf(column(nodes).subarray(0, edge));
    this.#troubles = findTroubles(nodes);
    const perBlock = troublesPerBlock(this.#layout, (node) => troubleOf(nodes, node));
    if (perBlock.length !== this.#perBlock.length || perBlock.some((count, i) => count !== this.#perBlock[i])) {
      this.#perBlock = perBlock;
      this.#stale.ground = true;
    }
    this.#stale.marks = true;
    this.#onsurvey({ troubles: this.#troubles, scale: this.#scale });
  }

  #paintBoard(nodes: NodeColumns, index: number): void {
    const look = packLook(nodes, index, index === this.#selected, index === this.#hovered);
    if (this.#boards.get(index) === look) return;
    this.#boards.set(index, look);
    const { x, y, half } = this.#layout;
    const [centreX, centreY, size] = [x[index]!, y[index]!, half[index]!];
    const c = this.#layers[1]!;
    const info = this.#info[index]!;
    const reach = size * 1.25;
    c.clearRect(centreX - Math.max(48, size * 1.7), centreY - reach, Math.max(96, size * 3.4), reach * 2 + 24);
    drawBoard(c, info.tier === 'cloud' ? 'cloud' : 'fog', centreX, centreY, size, unpackLook(look), info.id, this.#palette);
  }
}
