/** Lines for a chart out of blocks, their pyramids, and what is in no block yet. */
import type { EnvelopeLine } from '../history-port.ts';
import { Envelope, Grid } from '../shape/grid.ts';
import { concatenate, merge } from '../shape/merge.ts';
import { COARSE, FINE } from '../shape/pyramid.ts';
import { indexAfter, indexFrom, within, type Samples } from '../shape/samples.ts';
import { BlockGone, type StoredBlocks } from './block-reader.ts';
import type { Head } from './head.ts';
import type { Series } from './series.ts';

interface Span {
  fromMs: number;
  toMs: number;
}

export interface Window extends Span {
  columns: number;
}

/** Blocks are replaced once in minutes; a reader that finds one gone that often is not the unlucky one. */
const TRIES = 20;

export async function envelopeLines(wanted: Series[], window: Window, reader: StoredBlocks): Promise<EnvelopeLine[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await linesOnce(wanted, window, reader);
    } catch (error) {
      if (!(error instanceof BlockGone) || tries === TRIES) throw error;
    }
  }
}

/** What one line needs of the store; all lines are read together, since one large read takes less time than many. */
interface Draft {
  series: Series;
  heads: readonly Head[];
  recent: Samples;
  /** Null when the samples themselves may be few enough to be the line. */
  envelope: Envelope | null;
  /** Heads to be read in full. */
  full: Set<Head>;
  fine: Head[];
}

async function linesOnce(wanted: Series[], window: Window, reader: StoredBlocks): Promise<EnvelopeLine[]> {
  const grid = new Grid(window.fromMs, window.toMs, window.columns);
  const drafts = wanted.map((series) => draft(series, window, grid));
  await addFine(drafts, reader);
  const blocks = await reader.samples([...new Set(drafts.flatMap(({ full }) => [...full]))].map(({ block }) => block));
  const middles = grid.middles();
  return drafts.map((each) => finish(each, window, grid, middles, blocks));
}

function draft(series: Series, window: Window, grid: Grid): Draft {
  const { timeMs, value } = series.recent();
  const whole = { fromMs: grid.fromMs, toMs: grid.endMs };
  // Copied: samples keep coming in while blocks are read.
  const shown = borders(timeMs, whole);
  const recent = { timeMs: timeMs.slice(...shown), value: value.slice(...shown) };
  const heads = series.heads.slice(...headBorders(series.heads, whole));
  const made: Draft = { series, heads, recent, envelope: null, full: new Set(), fine: [] };
  const inside = heads.filter((head) => head.toMs >= grid.fromMs && head.fromMs < grid.endMs);
  if (roughly(inside, window) + recent.timeMs.length <= 2 * window.columns) {
    for (const head of heads) made.full.add(head);
    return made;
  }
  made.envelope = new Envelope(grid);
  for (const head of inside) {
    // What lies on a border is read, or it could not be counted.
    if (overlaid(head, recent) || straddles(head, window)) made.full.add(head);
    else addCoarse(made, head, made.envelope, grid.widthMs);
  }
  return made;
}

function addCoarse(made: Draft, head: Head, envelope: Envelope, widthMs: number): void {
  if (envelope.takes(head.fromMs, head.toMs)) {
    envelope.addRun(head.fromMs, head.toMs, head.min, head.max);
    return;
  }
  const stepMs = (head.toMs - head.fromMs) / head.samples;
  // Where most cells would be refused there is no use in reading them.
  if (!head.fine || stepMs * FINE > widthMs / 2) made.full.add(head);
  else if (stepMs * COARSE > widthMs / 2 || envelope.addCells(head.coarse, head.toMs).length > 0) made.fine.push(head);
}

async function addFine(drafts: Draft[], reader: StoredBlocks): Promise<void> {
  const cells = await reader.fineCells(drafts.flatMap(({ fine }) => fine.map(({ block }) => block)));
  for (const { fine, full, envelope } of drafts) {
    for (const head of fine) {
      const own = cells.get(head.block);
      if (!own || envelope!.addCells(own, head.toMs).length > 0) full.add(head);
    }
  }
}

function finish({ series, heads, recent, envelope, full }: Draft, window: Window, grid: Grid, middles: Float64Array, blocks: Map<number, Samples>): EnvelopeLine {
  const key = { node: series.node, quantity: series.quantity };
  if (envelope) {
    let samples = 0;
    const add = (part: Samples): void => {
      envelope.addSamples(part);
      samples += within(part, window.fromMs, window.toMs).timeMs.length;
    };
    for (const head of heads) {
      const stored = blocks.get(head.block);
      if (full.has(head)) add(overlaid(head, recent) ? merge(stored!, within(recent, head.fromMs, head.toMs)) : stored!);
      else if (head.fromMs >= window.fromMs && head.toMs <= window.toMs) samples += head.samples;
    }
    for (const part of outside(heads.filter((head) => full.has(head)), recent)) add(part);
    return { series: key, timeMs: middles.slice(), min: envelope.min, max: envelope.max, exact: false, samples };
  }
  const { timeMs, value } = merge(concatenate(heads.map(({ block }) => blocks.get(block)!)), recent);
  const [start, end] = borders(timeMs, window);
  const few = end - start <= 2 * window.columns + 2;
  const samples = Math.max(0, indexAfter(timeMs, window.toMs) - indexFrom(timeMs, window.fromMs));
  if (few) {
    const min = value.slice(start, end);
    return { series: key, timeMs: timeMs.slice(start, end), min, max: min.slice(), exact: true, samples };
  }
  const drawn = new Envelope(grid);
  drawn.addSamples({ timeMs, value });
  return { series: key, timeMs: middles.slice(), min: drawn.min, max: drawn.max, exact: false, samples };
}

/** From the last before the window to the first after it, so that lines leave the picture. */
function borders(timeMs: Float64Array, { fromMs, toMs }: Span): [start: number, end: number] {
  return [Math.max(0, indexFrom(timeMs, fromMs) - 1), Math.min(timeMs.length, indexAfter(timeMs, toMs) + 1)];
}

function headBorders(heads: readonly Head[], { fromMs, toMs }: Span): [start: number, end: number] {
  let start = heads.findIndex((head) => head.toMs >= fromMs);
  if (start < 0) start = heads.length;
  let end = heads.findIndex((head) => head.fromMs > toMs);
  if (end < 0) end = heads.length;
  // One beyond holds the neighbour, unless the block at the border does.
  if (start > 0 && !(heads[start] && heads[start].fromMs < fromMs)) start -= 1;
  if (end < heads.length && !(end > 0 && heads[end - 1]!.toMs > toMs)) end += 1;
  return [start, end];
}

/** Samples in the window as far as heads tell, rather too few: what is read for nothing is no more than two blocks. */
function roughly(heads: readonly Head[], { fromMs, toMs }: Span): number {
  return heads.reduce((sum, head) => {
    if (head.fromMs >= fromMs && head.toMs <= toMs) return sum + head.samples;
    const { timeMs } = head.coarse;
    return sum + Math.max(0, indexAfter(timeMs, toMs) - indexFrom(timeMs, fromMs) - 1) * COARSE;
  }, 0);
}

function straddles({ fromMs, toMs }: Head, window: Span): boolean {
  return (fromMs < window.fromMs && toMs >= window.fromMs) || (fromMs <= window.toMs && toMs > window.toMs);
}

function overlaid(head: Head, recent: Samples): boolean {
  return indexFrom(recent.timeMs, head.fromMs) < indexAfter(recent.timeMs, head.toMs);
}

/** The parts of `recent` that lie in none of the heads, which are in order. */
function outside(heads: readonly Head[], recent: Samples): Samples[] {
  const parts: Samples[] = [];
  let nextMs = -Infinity;
  for (const head of heads) {
    parts.push(within(recent, nextMs, head.fromMs - 1));
    nextMs = head.toMs + 1;
  }
  parts.push(within(recent, nextMs, Infinity));
  return parts;
}
