/**
 * Keeps three stacked canvases in step with the frames: ground and links, nodes, motes. Nodes whose look
 * did not change are not repainted, and the animation loop runs only while something moves or waits.
 */
import type { HopColumns, NodeColumns, NodeInfo } from '../../sim/snapshot.ts';
import { drawGround, drawMotes, drawNode } from './draw.ts';
import { layOut } from './layout.ts';
import type { Layout } from './layout.ts';
import { LinkRates } from './link-rates.ts';
import { packLook } from './look.ts';
import { Motes } from './motes.ts';
import type { Palette } from './palette.ts';

const unpainted = 0xffffffff;
/** Lights and levels that change faster than this are not told apart; repainting them costs more than the dots. */
const NODES_EVERY_MS = 80;

export class Stage {
  readonly #canvases: readonly HTMLCanvasElement[];
  readonly #ground: CanvasRenderingContext2D;
  readonly #nodesLayer: CanvasRenderingContext2D;
  readonly #motesLayer: CanvasRenderingContext2D;
  readonly #motes = new Motes();
  #rates = new LinkRates(0);
  #palette: Palette;
  #layout: Layout = layOut(1, 1, []);
  #info: readonly NodeInfo[] = [];
  #nodes: NodeColumns | null = null;
  #painted = new Uint32Array(0);
  #selected = -1;
  #hovered = -1;
  #still = false;
  #groundStale = true;
  #motesPainted = false;
  #nodesStale = false;
  #nodesAtMs = -Infinity;
  #request = 0;

  constructor(ground: HTMLCanvasElement, nodes: HTMLCanvasElement, motes: HTMLCanvasElement, palette: Palette) {
    this.#canvases = [ground, nodes, motes];
    this.#ground = context(ground);
    this.#nodesLayer = context(nodes);
    this.#motesLayer = context(motes);
    this.#palette = palette;
  }

  /** CSS pixels. Returns the new layout. */
  resize(width: number, height: number, pixelRatio: number): Layout {
    for (const canvas of this.#canvases) {
      canvas.width = Math.round(width * pixelRatio);
      canvas.height = Math.round(height * pixelRatio);
      // Whole device pixels, or the browser would rescale and blur it.
      canvas.style.width = `${canvas.width / pixelRatio}px`;
      canvas.style.height = `${canvas.height / pixelRatio}px`;
    }
    for (const layer of [this.#ground, this.#nodesLayer, this.#motesLayer]) {
      layer.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    }
    this.#layout = layOut(width, height, this.#info.map((node) => node.tier));
    this.#repaint();
    // A resized canvas is blank until painted: painting before this frame is shown avoids a flash.
    this.#paint(performance.now());
    return this.#layout;
  }

  setInfo(info: readonly NodeInfo[]): Layout {
    this.#info = info;
    this.#rates = new LinkRates(info.length);
    this.#motes.clear();
    this.#layout = layOut(this.#layout.width, this.#layout.height, info.map((node) => node.tier));
    this.#repaint();
    return this.#layout;
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#repaint();
  }

  /** `still`: no moving dots; the width of the links tells the rate instead. */
  setStill(still: boolean): void {
    this.#still = still;
    this.#motes.clear();
    this.#repaint();
  }

  point(selected: number, hovered: number): void {
    this.#selected = selected;
    this.#hovered = hovered;
    this.#nodesNow();
  }

  showNodes(nodes: NodeColumns): void {
    this.#nodes = nodes;
    this.#nodesStale = true;
    this.#wake();
  }

  showHops(hops: HopColumns): void {
    const nowMs = performance.now();
    if (!this.#still) this.#motes.add(hops, nowMs);
    else if (this.#rates.add(hops, nowMs)) this.#groundStale = true;
    this.#wake();
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
    this.#request = -1;
  }

  #repaint(): void {
    this.#groundStale = true;
    this.#painted = new Uint32Array(this.#info.length).fill(unpainted);
    this.#nodesLayer.clearRect(0, 0, this.#layout.width, this.#layout.height);
    this.#nodesNow();
  }

  /** What the user does to the picture shows in the next frame. */
  #nodesNow(): void {
    this.#nodesStale = true;
    this.#nodesAtMs = -Infinity;
    this.#wake();
  }

  #wake(): void {
    if (this.#request === 0) this.#request = requestAnimationFrame((nowMs) => this.#tick(nowMs));
  }

  #tick(nowMs: number): void {
    this.#request = 0;
    this.#paint(nowMs);
    if (this.#motes.count > 0 || this.#nodesStale) this.#wake();
  }

  #paint(nowMs: number): void {
    const layout = this.#layout;
    if (this.#groundStale) {
      drawGround(this.#ground, layout, this.#info, this.#still ? this.#rates.level : null, this.#palette);
      this.#groundStale = false;
    }
    if (this.#nodesStale && nowMs - this.#nodesAtMs >= NODES_EVERY_MS) this.#paintNodes(nowMs);
    this.#motes.sweep(nowMs);
    // One more painting after the last mote wipes it away.
    if (this.#motes.count > 0 || this.#motesPainted) {
      drawMotes(this.#motesLayer, layout, this.#motes, nowMs, this.#palette);
      this.#motesPainted = this.#motes.count > 0;
    }
  }

  #paintNodes(nowMs: number): void {
    this.#nodesStale = false;
    this.#nodesAtMs = nowMs;
    const nodes = this.#nodes;
    if (nodes === null || nodes.state.length !== this.#info.length) return;
    for (let i = 0; i < this.#painted.length; i++) {
      const bits = packLook(nodes, i, i === this.#selected, i === this.#hovered);
      if (bits === this.#painted[i]) continue;
      this.#painted[i] = bits;
      drawNode(this.#nodesLayer, this.#layout, this.#info[i]!, i, bits, this.#palette);
    }
  }
}

function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const drawing = canvas.getContext('2d');
  if (drawing === null) {
    throw new Error('This browser gives no 2D drawing context; try a current Chrome, Edge or Firefox.');
  }
  return drawing;
}
