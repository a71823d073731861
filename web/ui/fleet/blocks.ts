/**
 * A large fleet's plots in blocks of ten by ten, the blocks row by row in their field. The gaps between
 * blocks grow with the cells until they hold the blocks' names, and no further. All lengths are CSS pixels.
 */

export const blockSide = 10;
export const nodesPerBlock = blockSide * blockSide;
const largestFittedCellPx = 64;

interface Gap {
  least: number;
  perCell: number;
  most: number;
}
const across: Gap = { least: 2, perCell: 2, most: 7 };
/** The gap above a block holds its name. */
const down: Gap = { least: 3, perCell: 3.4, most: 13 };

const gapOf = ({ least, perCell, most }: Gap, cellPx: number): number => Math.min(most, Math.max(least, perCell * cellPx));

export const gapX = (cellPx: number): number => gapOf(across, cellPx);
export const gapY = (cellPx: number): number => gapOf(down, cellPx);

export interface Blocks {
  count: number;
  columns: number;
  rows: number;
}

/** The arrangement of `count` plots whose cells come out largest in a field of this size. */
export function planBlocks(count: number, width: number, height: number): Blocks {
  const blocks = Math.max(1, Math.ceil(count / nodesPerBlock));
  let best = { count, columns: 1, rows: blocks };
  for (let columns = 2; columns <= blocks; columns++) {
    const plan = { count, columns, rows: Math.ceil(blocks / columns) };
    if (fittedCellPx(plan, width, height) > fittedCellPx(best, width, height)) best = plan;
  }
  return best;
}

/** Side of a cell with which all blocks are in sight. */
export function fittedCellPx({ columns, rows }: Blocks, width: number, height: number): number {
  const fitting = Math.min(cellOfPitch(width / columns, across), cellOfPitch(height / rows, down));
  return Math.min(largestFittedCellPx, Math.max(0.2, fitting));
}

/** Side of a cell where a block and its gap take `pitchPx`. */
function cellOfPitch(pitchPx: number, gap: Gap): number {
  const growing = pitchPx / (blockSide + gap.perCell);
  if (growing * gap.perCell < gap.least) return (pitchPx - gap.least) / blockSide;
  return growing * gap.perCell > gap.most ? (pitchPx - gap.most) / blockSide : growing;
}

export function contentWidth({ columns }: Blocks, cellPx: number): number {
  return columns * (blockSide * cellPx + gapX(cellPx)) - gapX(cellPx);
}

export function contentHeight({ rows }: Blocks, cellPx: number): number {
  return rows * (blockSide * cellPx + gapY(cellPx));
}

/** Column of cells, counted over all blocks, of a slot. */
export function cellColumn({ columns }: Blocks, slot: number): number {
  const block = Math.floor(slot / nodesPerBlock);
  return (block % columns) * blockSide + (slot % blockSide);
}

export function cellRow({ columns }: Blocks, slot: number): number {
  const block = Math.floor(slot / nodesPerBlock);
  return Math.floor(block / columns) * blockSide + Math.floor((slot % nodesPerBlock) / blockSide);
}

/** The slot at a column and row of cells; -1 where there is none. */
export function slotAtCell(blocks: Blocks, column: number, row: number): number {
  if (column < 0 || row < 0 || column >= blocks.columns * blockSide) return -1;
  const block = Math.floor(row / blockSide) * blocks.columns + Math.floor(column / blockSide);
  const slot = block * nodesPerBlock + (row % blockSide) * blockSide + (column % blockSide);
  return slot < blocks.count ? slot : -1;
}
