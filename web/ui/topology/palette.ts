/** The colours the topology paints with, resolved once for each scheme. */
import { readColours } from './css-colours.ts';

const tokens = [
  'surface', 'surface-2', 'line', 'line-strong', 'ink', 'ink-2', 'focus',
  'edge', 'fog', 'cloud', 'broker', 'pump', 'good', 'warn', 'bad',
  'plot-bare', 'plot-dry', 'plot-moist', 'plot-wet', 'led-red', 'led-green', 'led-blue', 'message-config',
] as const;

export interface Palette extends Record<(typeof tokens)[number], string> {
  /** Fill of a plot by whole percent of moisture, 0 to 100. */
  moisture: string[];
  font: string;
}

export function readPalette(host: HTMLElement): Palette {
  const colours = readColours(host, tokens);
  return {
    ...colours,
    moisture: ramp([colours['plot-dry'], colours['plot-moist'], colours['plot-wet']], 101),
    font: getComputedStyle(host).fontFamily,
  };
}

/** `count` colours that run evenly through `stops`, each of which is an `rgb(r, g, b)` string. */
export function ramp(stops: readonly string[], count: number): string[] {
  const channels = stops.map((stop) => (stop.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number));
  return Array.from({ length: count }, (_, i) => {
    const place = (i / (count - 1)) * (channels.length - 1);
    const left = Math.min(Math.floor(place), channels.length - 2);
    const [from, to] = [channels[left]!, channels[left + 1]!];
    const mixed = from.map((value, k) => value + (to[k]! - value) * (place - left));
    return `rgb(${mixed.map(Math.round).join(', ')})`;
  });
}
