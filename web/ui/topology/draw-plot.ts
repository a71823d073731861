/** Paints one edge node as a plot of soil; detail grows with its size. */
import { isStale } from './look.ts';
import type { Look } from './look.ts';
import { bolt, cross, drop, hatch, sprout, warning } from './marks.ts';
import type { Palette } from './palette.ts';

export interface PlotFacts {
  id: string;
  real: boolean;
  /** Room for the name under the plot, pixels; 0 when names are not shown. */
  labelPx: number;
  /** Room for the name across, pixels. */
  labelWidth: number;
  /** Shown in place of the moisture; null to show the moisture. */
  value: { colour: string; ink: string; text: string } | null;
}

const smallestMarkedPx = 20;
const smallestNumberedPx = 36;
const smallestPlantedPx = 58;

/** Paints the plot centred on x, y. Moisture shows as the height of the wet soil and as its colour. */
export function drawPlot(
  c: CanvasRenderingContext2D,
  x: number,
  y: number,
  half: number,
  look: Look,
  facts: PlotFacts,
  palette: Palette,
): void {
  const side = half * 2;
  if (side < smallestMarkedPx) {
    drawSmallPlot(c, x - half, y - half, side, look, palette);
    return;
  }
  const planted = side >= smallestPlantedPx;
  const headroom = planted ? side * 0.26 : 0;
  const left = x - half;
  const top = y - half + headroom;
  const height = side - headroom;
  const radius = Math.min(9, side * 0.16);
  const resting = look.state === 'off' || look.state === 'restarting' || look.state === 'booting';
  c.globalAlpha = look.state === 'off' ? 0.5 : 1;

  c.beginPath();
  c.roundRect(left, top, side, height, radius);
  c.fillStyle = palette['plot-bare'];
  c.fill();
  if (facts.value !== null) {
    c.fillStyle = facts.value.colour;
    c.fill();
  } else if (look.percent !== null) paintWater(c, left, top, side, height, look, palette);
  if (look.state === 'faulted') hatch(c, left, top, side, height, radius, palette.bad);
  c.globalAlpha = 1;

  if (planted) sprout(c, x, top, headroom * 1.08, look.percent ?? 0, palette);
  const numbered = side >= smallestNumberedPx && look.state !== 'faulted';
  if (numbered) paintNumber(c, x, top + height / 2, side, look, facts, palette);
  paintOutline(c, left, top, side, height, radius, look, resting, palette);
  if (facts.real) {
    c.beginPath();
    c.roundRect(left + 2.5, top + 2.5, side - 5, height - 5, Math.max(0, radius - 2));
    c.lineWidth = 1;
    c.strokeStyle = palette.ink;
    c.stroke();
  }
  paintMarks(c, left, top, side, height, look, palette);
  if (look.selected || look.hovered) paintRing(c, left, top, side, height, radius, look.selected, palette);
  if (facts.labelPx > 0) paintLabel(c, x, y + half, look, facts, palette);
}

/** Thousands of these are painted in one go, so plain rectangles only. */
function drawSmallPlot(
  c: CanvasRenderingContext2D,
  left: number,
  top: number,
  side: number,
  look: Look,
  palette: Palette,
): void {
  c.globalAlpha = look.state === 'off' ? 0.45 : 1;
  c.fillStyle = palette['plot-bare'];
  c.fillRect(left, top, side, side);
  if (look.percent !== null) {
    const depth = (side * look.percent) / 100;
    c.fillStyle = waterColour(look, palette);
    c.fillRect(left, top + side - depth, side, depth);
  }
  if (side >= 6) {
    const alarmed = look.state === 'faulted' || look.anomaly !== 0;
    const resting = look.state !== 'running' && look.state !== 'idle' && look.state !== 'faulted';
    c.lineWidth = alarmed && side >= 9 ? 2 : 1;
    if (resting) c.setLineDash([2, 2]);
    c.strokeStyle = outlineColour(look, resting, palette);
    c.strokeRect(left + c.lineWidth / 2, top + c.lineWidth / 2, side - c.lineWidth, side - c.lineWidth);
    if (resting) c.setLineDash([]);
  }
  c.globalAlpha = 1;
  if (look.state === 'faulted') {
    cross(c, left + side / 2, top + side / 2, side * 0.28, palette.bad, Math.min(2, side * 0.15));
  }
  if (look.selected || look.hovered) paintRing(c, left, top, side, side, 1, look.selected, palette);
}

function outlineColour(look: Look, resting: boolean, palette: Palette): string {
  if (look.state === 'faulted') return palette.bad;
  if (look.anomaly !== 0) return palette.warn;
  return resting ? palette['ink-2'] : palette['line-strong'];
}

function paintWater(
  c: CanvasRenderingContext2D,
  left: number,
  top: number,
  side: number,
  height: number,
  look: Look,
  palette: Palette,
): void {
  const percent = look.percent ?? 0;
  const level = top + height * (1 - percent / 100);
  c.save();
  c.clip();
  c.fillStyle = waterColour(look, palette);
  c.beginPath();
  if (side >= smallestNumberedPx && percent > 0 && percent < 100) {
    waterLine(c, left, level, side);
    c.lineTo(left + side, top + height);
    c.lineTo(left, top + height);
    c.fill();
    c.beginPath();
    waterLine(c, left, level, side);
    c.lineWidth = 1.5;
    c.globalAlpha *= 0.55;
    c.strokeStyle = palette.ink;
    c.stroke();
  } else {
    c.rect(left, level, side, top + height - level);
    c.fill();
  }
  c.restore();
}

/** A node that is down tells nothing of its soil: the level it last told is drawn without the colour of moisture. */
function waterColour(look: Look, palette: Palette): string {
  return isStale(look.state) ? palette.line : palette.moisture[look.percent ?? 0]!;
}

function waterLine(c: CanvasRenderingContext2D, left: number, level: number, side: number): void {
  const swell = side * 0.075;
  c.moveTo(left, level);
  c.bezierCurveTo(left + side / 3, level - swell, left + (side * 2) / 3, level + swell, left + side, level);
}

function paintNumber(
  c: CanvasRenderingContext2D,
  x: number,
  y: number,
  side: number,
  look: Look,
  { value }: PlotFacts,
  palette: Palette,
): void {
  const moisture = look.percent === null ? '–' : `${look.percent}%`;
  const stale = value === null && look.percent !== null && isStale(look.state);
  const text = value?.text ?? (stale ? `was ${moisture}` : moisture);
  // Longer texts shrink to their plot.
  const size = Math.round(Math.min(19, Math.max(11, side * 0.22), (side * 1.6) / text.length));
  c.font = `${stale ? 500 : 650} ${size}px ${palette.font}`;
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.fillStyle = value?.ink ?? (stale ? palette['ink-2'] : palette.ink);
  c.fillText(text, x, y + 1);
}

function paintOutline(
  c: CanvasRenderingContext2D,
  left: number,
  top: number,
  side: number,
  height: number,
  radius: number,
  look: Look,
  resting: boolean,
  palette: Palette,
): void {
  const alarmed = look.state === 'faulted' || look.anomaly !== 0;
  const width = alarmed ? 2 : 1;
  c.beginPath();
  c.roundRect(left + width / 2, top + width / 2, side - width, height - width, radius);
  c.setLineDash(resting ? [Math.max(2, side * 0.07), Math.max(2, side * 0.06)] : []);
  c.lineWidth = width;
  c.strokeStyle = outlineColour(look, resting, palette);
  c.stroke();
  c.setLineDash([]);
}

function paintMarks(
  c: CanvasRenderingContext2D,
  left: number,
  top: number,
  side: number,
  height: number,
  look: Look,
  palette: Palette,
): void {
  const small = Math.max(5, Math.min(12, side * 0.17));
  const lamps = [
    [look.red, palette['led-red']],
    [look.green, palette['led-green']],
    [look.blue, palette['led-blue']],
  ] as const;
  const lampRadius = Math.max(1.6, Math.min(3.4, side * 0.042));
  lamps.forEach(([lit, colour], k) => {
    // Unlit lamps show only where there is room: the place of a lit one then tells which it is.
    if (!lit && side < smallestNumberedPx) return;
    c.beginPath();
    c.arc(left + small * 0.8 + k * lampRadius * 3, top + height - small * 0.8, lampRadius, 0, Math.PI * 2);
    c.fillStyle = lit ? colour : palette['plot-bare'];
    c.globalAlpha = lit ? 1 : 0.6;
    c.fill();
    c.globalAlpha = 1;
    c.lineWidth = 1;
    c.strokeStyle = lit ? palette.surface : palette['line-strong'];
    c.stroke();
  });
  if (look.pump) drop(c, left + side - small * 0.95, top + height - small * 1.05, small * 0.8, palette);
  // Small plots stand close, and what hangs over a cell is wiped with its neighbour.
  const inset = side >= smallestPlantedPx ? 0.5 : 1.1;
  if (look.anomaly !== 0) warning(c, left + side - small * inset, top + small * inset, small, palette);
  if (look.sensorFault) bolt(c, left + small * inset, top + small * inset, small, palette);
  if (look.state === 'faulted') {
    const reach = Math.max(6, side * 0.2);
    cross(c, left + side / 2, top + height / 2, reach + 2, palette.surface, side * 0.05 + 5);
    cross(c, left + side / 2, top + height / 2, reach, palette.bad, side * 0.035 + 2);
  }
}

function paintRing(
  c: CanvasRenderingContext2D,
  left: number,
  top: number,
  side: number,
  height: number,
  radius: number,
  selected: boolean,
  palette: Palette,
): void {
  const gap = selected && side >= smallestPlantedPx ? 3 : 0;
  c.beginPath();
  c.roundRect(left - gap, top - gap, side + 2 * gap, height + 2 * gap, radius + gap);
  c.lineWidth = selected ? 2.5 : 1.5;
  c.strokeStyle = selected ? palette.focus : palette.ink;
  c.stroke();
}

function paintLabel(
  c: CanvasRenderingContext2D,
  x: number,
  bottom: number,
  look: Look,
  facts: PlotFacts,
  palette: Palette,
): void {
  c.font = `${look.selected ? 650 : 450} 11px ${palette.font}`;
  c.textAlign = 'center';
  c.textBaseline = 'top';
  c.fillStyle = look.selected ? palette.ink : palette['ink-2'];
  c.fillText(shorten(c, facts.id, facts.labelWidth), x, bottom + 5);
}

/** The end of a name tells nodes of a fleet apart, so its start gives way. */
export function shorten(c: CanvasRenderingContext2D, text: string, width: number): string {
  if (c.measureText(text).width <= width) return text;
  for (let cut = 1; cut < text.length; cut++) {
    const shorter = `…${text.slice(cut)}`;
    if (c.measureText(shorter).width <= width) return shorter;
  }
  return '';
}
