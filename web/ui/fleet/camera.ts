/** Which part of the blocks is in sight, and how large. Places are pixels from the viewport's corner. */
import { blockSide, cellColumn, cellRow, contentHeight, contentWidth, fittedCellPx, gapX, gapY, planBlocks, slotAtCell } from './blocks.ts';
import type { Blocks } from './blocks.ts';

/** A plot as large as in a small fleet. */
export const largestCellPx = 112;

export interface View {
  cellPx: number;
  /** Place of the content's corner. */
  x: number;
  y: number;
}

export class Camera {
  readonly blocks: Blocks;
  readonly width: number;
  readonly height: number;
  readonly fitPx: number;
  #view: View;

  constructor(count: number, width: number, height: number) {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.blocks = planBlocks(count, this.width, this.height);
    this.fitPx = fittedCellPx(this.blocks, this.width, this.height);
    this.#view = this.#held({ cellPx: this.fitPx, x: 0, y: 0 });
  }

  get view(): View {
    return this.#view;
  }

  get fitted(): boolean {
    return this.#view.cellPx <= this.fitPx * 1.001;
  }

  get closest(): boolean {
    return this.#view.cellPx >= largestCellPx * 0.999;
  }

  get cellPx(): number {
    return this.#view.cellPx;
  }

  /** Left of a cell's column, as pixels in the viewport. */
  left(column: number): number {
    return this.#view.x + column * this.#view.cellPx + Math.floor(column / blockSide) * gapX(this.#view.cellPx);
  }

  top(row: number): number {
    return this.#view.y + row * this.#view.cellPx + (Math.floor(row / blockSide) + 1) * gapY(this.#view.cellPx);
  }

  leftOf(slot: number): number {
    return this.left(cellColumn(this.blocks, slot));
  }

  topOf(slot: number): number {
    return this.top(cellRow(this.blocks, slot));
  }

  /** The slot under a place; -1 in a gap or outside. */
  slotAt(x: number, y: number): number {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return -1;
    const { x: startX, y: startY, cellPx } = this.#view;
    const column = cellAt(x - startX, cellPx, gapX(cellPx));
    const row = cellAt(y - startY - gapY(cellPx), cellPx, gapY(cellPx));
    return column < 0 || row < 0 ? -1 : slotAtCell(this.blocks, column, row);
  }

  /** First and last column and row of cells that are at least partly in sight. */
  inSight(): { fromColumn: number; toColumn: number; fromRow: number; toRow: number } {
    const { blocks, width, height } = this;
    const { x, y, cellPx } = this.#view;
    const [across, down] = [gapX(cellPx), gapY(cellPx)];
    const first = (start: number, gap: number) => Math.max(0, nearestCell(-start, cellPx, gap));
    const last = (end: number, gap: number, most: number) => Math.min(most - 1, nearestCell(end, cellPx, gap));
    return {
      fromColumn: first(x, across),
      toColumn: last(width - x, across, blocks.columns * blockSide),
      fromRow: first(y + down, down),
      toRow: last(height - y - down, down, blocks.rows * blockSide),
    };
  }

  show(view: View): void {
    this.#view = this.#held(view);
  }

  /** The whole fleet. */
  fit(): View {
    return this.#held({ cellPx: this.fitPx, x: 0, y: 0 });
  }

  /** Larger or smaller by a factor; what is at the place `x`, `y` stays there. */
  zoomed(factor: number, x: number, y: number): View {
    const { view } = this;
    const cellPx = Math.min(largestCellPx, Math.max(this.fitPx, view.cellPx * factor));
    return this.#held({
      cellPx,
      x: x - scaled(x - view.x, view.cellPx, cellPx, gapX),
      y: y - gapY(cellPx) - scaled(y - view.y - gapY(view.cellPx), view.cellPx, cellPx, gapY),
    });
  }

  panned(dx: number, dy: number): View {
    const { cellPx, x, y } = this.#view;
    return this.#held({ cellPx, x: x + dx, y: y + dy });
  }

  /** As `zoomed` about a slot that is in sight, and keeps all of it there; about the middle where it is not. */
  zoomedAbout(factor: number, slot: number): View {
    const half = this.cellPx / 2;
    const [x, y] = slot < 0 ? [-1, -1] : [this.leftOf(slot) + half, this.topOf(slot) + half];
    if (x < 0 || y < 0 || x > this.width || y > this.height) return this.zoomed(factor, this.width / 2, this.height / 2);
    const before = this.#view;
    this.#view = this.zoomed(factor, x, y);
    const kept = this.revealing(slot, 0);
    this.#view = before;
    return kept;
  }

  /** With the slot in sight at least `marginPx` from the borders: as little motion as that takes. */
  revealing(slot: number, marginPx: number): View {
    const { cellPx } = this.#view;
    const shift = (start: number, room: number): number => {
      const margin = Math.min(marginPx, Math.max(0, (room - cellPx) / 2));
      if (start < margin) return margin - start;
      return start + cellPx > room - margin ? room - margin - cellPx - start : 0;
    };
    return this.panned(shift(this.leftOf(slot), this.width), shift(this.topOf(slot), this.height));
  }

  /** With the slot in the middle at a magnification. */
  centred(slot: number, cellPx: number): View {
    const column = cellColumn(this.blocks, slot);
    const row = cellRow(this.blocks, slot);
    return this.#held({
      cellPx,
      x: this.width / 2 - (column + 0.5) * cellPx - Math.floor(column / blockSide) * gapX(cellPx),
      y: this.height / 2 - (row + 0.5) * cellPx - (Math.floor(row / blockSide) + 1) * gapY(cellPx),
    });
  }

  /** Within the content's borders, or in the middle where the content is smaller. */
  #held({ cellPx: wantedPx, x, y }: View): View {
    const cellPx = Math.min(largestCellPx, Math.max(this.fitPx, wantedPx));
    const hold = (start: number, length: number, room: number): number =>
      length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, start));
    return {
      cellPx,
      x: hold(x, contentWidth(this.blocks, cellPx), this.width),
      y: hold(y, contentHeight(this.blocks, cellPx), this.height),
    };
  }
}

/** The cell that a distance from the content's start falls on; -1 before the start and in gaps. */
function cellAt(distance: number, cellPx: number, gap: number): number {
  if (distance < 0) return -1;
  const pitch = blockSide * cellPx + gap;
  const block = Math.floor(distance / pitch);
  const cell = Math.floor((distance - block * pitch) / cellPx);
  return cell < blockSide ? block * blockSide + cell : -1;
}

/** As `cellAt`, with gaps counted to the cell before them and negative cells before the start. */
function nearestCell(distance: number, cellPx: number, gap: number): number {
  const pitch = blockSide * cellPx + gap;
  const block = Math.floor(distance / pitch);
  return block * blockSide + Math.min(blockSide - 1, Math.floor((distance - block * pitch) / cellPx));
}

/** A distance from the content's start after the cells have grown. */
function scaled(distance: number, fromPx: number, toPx: number, gapOf: (cellPx: number) => number): number {
  const [fromGap, toGap] = [gapOf(fromPx), gapOf(toPx)];
  const pitch = blockSide * fromPx + fromGap;
  const block = Math.floor(distance / pitch);
  const inside = distance - block * pitch;
  const inCells = Math.min(inside, blockSide * fromPx);
  return block * (blockSide * toPx + toGap) + (inCells * toPx) / fromPx + ((inside - inCells) * toGap) / fromGap;
}

/** The view a share 0 to 1 of the way between two. */
export function between(from: View, to: View, share: number): View {
  const mix = (a: number, b: number): number => a + (b - a) * share;
  return { cellPx: mix(from.cellPx, to.cellPx), x: mix(from.x, to.x), y: mix(from.y, to.y) };
}
