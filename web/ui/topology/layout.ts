/**
 * Where everything stands: edge nodes packed as plots of a field, the broker as the hub, fog and cloud
 * beyond it. Wide stages flow left to right, portrait ones top to bottom with fog and cloud on either
 * side of the broker. All lengths are CSS pixels.
 */
import type { Tier } from '../../sim/snapshot.ts';
import { packGrid } from './grid.ts';
import type { Grid } from './grid.ts';

export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Heading {
  tier: Tier | 'broker';
  x: number;
  y: number;
  align: 'start' | 'middle';
  /** Name and badge on one line: there is no room for two. */
  inline: boolean;
}

export interface Layout {
  width: number;
  height: number;
  portrait: boolean;
  /** Centre and half side of each node's square, by node index. */
  x: Float32Array;
  y: Float32Array;
  half: Float32Array;
  /** The channel above the node's row of plots; 0 for nodes outside the field. */
  channelY: Float32Array;
  broker: { x: number; y: number; half: number };
  field: Rect;
  grid: Grid;
  /** Node index of each grid slot, row by row. */
  nodeOfSlot: Int32Array;
  /** Indices of the nodes outside the field. */
  beyond: Int32Array;
  headings: Heading[];
}

const headingPx = 46;
const captionPx = 18;
const fieldPaddingPx = 10;

/** Lays out one node for each entry of `tiers` on a stage of `width` by `height`. */
export function layOut(width: number, height: number, tiers: readonly Tier[]): Layout {
  const portrait = height > width * 0.85 || width < 520;
  const ofTier = (tier: Tier) => tiers.flatMap((each, index) => (each === tier ? [index] : []));
  const [edge, fog, cloud] = [ofTier('edge'), ofTier('fog'), ofTier('cloud')];
  const place = portrait ? placePortrait(width, height, fog, cloud) : placeWide(width, height, fog, cloud);

  const { field } = place;
  const grid = packGrid(
    edge.length,
    field.left + fieldPaddingPx,
    field.top + fieldPaddingPx,
    field.width - 2 * fieldPaddingPx,
    field.height - 2 * fieldPaddingPx,
  );
  const x = new Float32Array(tiers.length);
  const y = new Float32Array(tiers.length);
  const half = new Float32Array(tiers.length);
  const channelY = new Float32Array(tiers.length);
  edge.forEach((index, slot) => {
    const row = Math.floor(slot / grid.columns);
    x[index] = grid.left + (slot % grid.columns) * grid.pitchX + grid.pitchX / 2 + (row % 2) * grid.staggerX;
    y[index] = grid.top + row * grid.pitchY + (grid.pitchY - grid.labelPx) / 2;
    half[index] = grid.plot / 2;
    channelY[index] = y[index]! - half[index]! - Math.min(9, (grid.pitchY - grid.labelPx - grid.plot) / 2);
  });
  for (const spot of place.spots) {
    x[spot.index] = spot.x;
    y[spot.index] = spot.y;
    half[spot.index] = spot.half;
  }
  return {
    width,
    height,
    portrait,
    x,
    y,
    half,
    channelY,
    broker: place.broker,
    field,
    grid,
    nodeOfSlot: Int32Array.from(edge),
    beyond: Int32Array.from([...fog, ...cloud]),
    headings: place.headings,
  };
}

export interface Spot {
  index: number;
  x: number;
  y: number;
  half: number;
}

export interface Placement {
  field: Rect;
  broker: Layout['broker'];
  spots: Spot[];
  headings: Heading[];
}

/** With `fleet` the field takes the whole height and most of the width, and has its heading elsewhere. */
export function placeWide(
  width: number,
  height: number,
  fog: number[],
  cloud: number[],
  fleet = false,
): Placement {
  const beyondWidth = fleet
    ? Math.min(260, Math.max(190, width * 0.25))
    : Math.min(540, Math.max(300, width * 0.42));
  const roomPx = height - headingPx;
  const top = fleet ? 0 : headingPx;
  const field = { left: 0, top, width: width - beyondWidth, height: height - top };
  const middleY = headingPx + roomPx / 2;
  const columnX = (share: number) => field.width + beyondWidth * share;
  const columnHalf = Math.min(44, beyondWidth * 0.09);
  // Alone in its column, fog stands above the broker's line and cloud below it, so that the
  // broker's link to the cloud does not run through the fog.
  const stagger = fog.length === 1 ? roomPx * 0.19 : 0;
  const column = (indices: number[], x: number, centreY: number): Spot[] => {
    const pitch = (roomPx * 0.94) / Math.max(1, indices.length);
    const room = Math.min((pitch - captionPx - 6) / 2, (roomPx - 2 * stagger) / 3.4);
    const half = Math.max(4, Math.min(columnHalf, room));
    const step = Math.min(pitch, half * 2 + 70);
    const first = centreY - (step * (indices.length - 1)) / 2 - captionPx / 2;
    return indices.map((index, k) => ({ index, x, y: first + k * step, half }));
  };
  return {
    field,
    broker: { x: columnX(0.19), y: middleY - captionPx / 2, half: columnHalf * 0.85 },
    spots: [
      ...column(fog, columnX(0.54), middleY - stagger),
      ...column(cloud, columnX(0.86), middleY + stagger),
    ],
    headings: [
      { tier: 'edge', x: 0, y: 0, align: 'start', inline: true },
      { tier: 'broker', x: columnX(0.19), y: 0, align: 'middle', inline: false },
      ...heading('fog', fog, columnX(0.54), 0),
      ...heading('cloud', cloud, columnX(0.86), 0),
    ],
  };
}

/** `fleet` as in `placeWide`. */
export function placePortrait(
  width: number,
  height: number,
  fog: number[],
  cloud: number[],
  fleet = false,
): Placement {
  const half = Math.max(18, Math.min(32, height * 0.07, width * 0.08));
  const beyondHeight = half * 2 + captionPx + headingPx + 34;
  const fieldTop = fleet ? 0 : headingPx - 14;
  const field = { left: 0, top: fieldTop, width, height: Math.max(40, height - beyondHeight - fieldTop) };
  const top = field.top + field.height + 34;
  const y = top + headingPx + half;
  const side = (indices: number[], centreX: number): Spot[] => {
    const pitch = (width * 0.3) / Math.max(1, indices.length);
    const each = Math.max(4, Math.min(half, pitch / 2 - 3));
    const first = centreX - ((indices.length - 1) / 2) * pitch;
    return indices.map((index, k) => ({ index, x: first + k * pitch, y, half: each }));
  };
  return {
    field,
    broker: { x: width / 2, y, half: half * 0.9 },
    spots: [...side(fog, width * 0.17), ...side(cloud, width * 0.83)],
    headings: [
      { tier: 'edge', x: 0, y: 0, align: 'start', inline: true },
      { tier: 'broker', x: width / 2, y: y + half + 2, align: 'middle', inline: true },
      ...heading('fog', fog, width * 0.17, top),
      ...heading('cloud', cloud, width * 0.83, top),
    ],
  };
}

function heading(tier: Tier, indices: number[], x: number, y: number): Heading[] {
  return indices.length > 0 ? [{ tier, x, y, align: 'middle', inline: false }] : [];
}
