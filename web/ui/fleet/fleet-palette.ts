/** The colours of a large fleet's cells, resolved once for each scheme. */
import { readColours } from '../topology/css-colours.ts';
import { ramp, readPalette } from '../topology/palette.ts';
import type { Palette } from '../topology/palette.ts';
import { cellCode, codeCount, shades } from './cell-codes.ts';
import type { MetricId } from './metrics.ts';
import { pack } from './raster.ts';
import type { CellInk, Pattern } from './raster.ts';

const tokens = ['cell-dry', 'cell-moist', 'cell-wet', 'heat-low', 'heat-mid', 'heat-high', 'cell-well'] as const;

const WASH_PERCENT = 55;

export interface FleetPalette extends Palette {
  /** `shades` colours from the low to the high end of a scale. */
  scale: Record<MetricId, string[]>;
  well: string;
}

export function readFleetPalette(host: HTMLElement): FleetPalette {
  const colours = readColours(host, tokens);
  const wet = ramp([colours['cell-dry'], colours['cell-moist'], colours['cell-wet']], shades);
  const heat = ramp([colours['heat-low'], colours['heat-mid'], colours['heat-high']], shades);
  const base = readPalette(host);
  // Plots carry text, so their soil is a lighter wash of the same colours.
  const washed = ramp([colours['cell-dry'], colours['cell-moist'], colours['cell-wet']], 101).map(
    (colour) => ramp([base.surface, colour], 101)[WASH_PERCENT]!,
  );
  return {
    ...base,
    moisture: washed,
    scale: { moisture: wet, state: [], instructions: heat, energy: heat },
    well: colours['cell-well'],
  };
}

/** How each cell code is painted under a metric. */
export function cellInks(palette: FleetPalette, metric: MetricId): CellInk[] {
  const inks: CellInk[] = palette.scale[metric].map((colour) => plain(colour));
  while (inks.length < shades) inks.push(plain(palette.well));
  const signs: [number, string, string, Pattern][] = [
    [cellCode.unknown, palette['plot-bare'], palette['line-strong'], 'plain'],
    [cellCode.running, palette.well, palette.well, 'plain'],
    [cellCode.idle, palette['surface-2'], palette['line-strong'], 'hollow'],
    [cellCode.booting, palette['plot-bare'], palette['line-strong'], 'dotted'],
    [cellCode.restarting, palette.surface, palette.bad, 'half'],
    [cellCode.faulted, palette.surface, palette.bad, 'cross'],
    [cellCode.off, palette.surface, palette['ink-2'], 'hollow'],
    [cellCode.anomaly, palette.surface, palette.warn, 'wedge'],
  ];
  for (const [code, fill, sign, pattern] of signs) inks[code] = { fill: packed(fill), sign: packed(sign), pattern };
  if (inks.length !== codeCount) throw new Error('Every cell code has an ink.');
  return inks;
}

function plain(colour: string): CellInk {
  const fill = packed(colour);
  return { fill, sign: fill, pattern: 'plain' };
}

/** From `rgb(r, g, b)`. */
function packed(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return pack(red, green, blue);
}
