/** Paints lines on a canvas, straight from their columns: envelopes as bands, samples as lines and points. */
import type { DenseLine } from './dense-line.ts';
import { firstFrom } from './dense-line.ts';

/** Where a stretch of time and a range of values lie on a canvas, in its own pixels. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
  fromMs: number;
  toMs: number;
  least: number;
  greatest: number;
  /** Canvas pixels in a CSS pixel. */
  ratio: number;
}

export interface Stroke {
  colour: string;
  dash: readonly number[];
  /** Drawn stronger than the others. */
  lit: boolean;
}

/** Points are drawn where they are at least this far apart, CSS pixels. */
const POINTS_FROM_PX = 7;

/** @returns height of the line's last drawn column, NaN when none is in sight */
export function drawLine(ctx: CanvasRenderingContext2D, line: DenseLine, frame: Frame, stroke: Stroke): number {
  const { timeMs } = line;
  const first = Math.max(0, firstFrom(timeMs, frame.fromMs) - 1);
  const end = Math.min(timeMs.length, firstFrom(timeMs, frame.toMs) + 1);
  if (end <= first) return NaN;
  const { ratio } = frame;
  ctx.strokeStyle = ctx.fillStyle = stroke.colour;
  ctx.lineJoin = 'bevel';
  ctx.setLineDash(stroke.dash.map((px) => px * ratio));
  eachRun(line, first, end, (from, to) => {
    if (to - from === 1) dot(ctx, line, from, frame, stroke);
    else if (line.exact) polyline(ctx, line, from, to, frame, stroke);
    else band(ctx, line, from, to, frame, stroke);
  });
  ctx.setLineDash([]);
  const spacing = (frame.width * (timeMs[end - 1]! - timeMs[first]!)) / (frame.toMs - frame.fromMs) / Math.max(1, end - first - 1);
  if (line.exact && spacing >= POINTS_FROM_PX * ratio) for (let i = first; i < end; i++) dot(ctx, line, i, frame, stroke);
  const last = timeMs[end - 1]! > frame.toMs ? end - 2 : end - 1;
  if (last < first || timeMs[last]! < frame.fromMs) return NaN;
  return (yOf(frame, line.min[last]!) + yOf(frame, line.max[last]!)) / 2;
}

/** Stretches without silence in them. */
function eachRun({ timeMs, gapMs }: DenseLine, first: number, end: number, draw: (from: number, to: number) => void): void {
  let from = first;
  for (let i = first + 1; i <= end; i++) {
    if (i < end && timeMs[i]! - timeMs[i - 1]! <= gapMs) continue;
    draw(from, i);
    from = i;
  }
}

function xOf({ left, width, fromMs, toMs }: Frame, atMs: number): number {
  return left + (width * (atMs - fromMs)) / (toMs - fromMs);
}

function yOf({ top, height, least, greatest }: Frame, value: number): number {
  return top + (height * (greatest - value)) / (greatest - least);
}

function polyline(ctx: CanvasRenderingContext2D, { timeMs, min }: DenseLine, from: number, to: number, frame: Frame, { lit }: Stroke): void {
  ctx.beginPath();
  for (let i = from; i < to; i++) ctx.lineTo(xOf(frame, timeMs[i]!), yOf(frame, min[i]!));
  ctx.lineWidth = (lit ? 3 : 1.75) * frame.ratio;
  ctx.stroke();
}

function band(ctx: CanvasRenderingContext2D, line: DenseLine, from: number, to: number, frame: Frame, { lit }: Stroke): void {
  const { timeMs, min, max } = line;
  ctx.beginPath();
  for (let i = from; i < to; i++) ctx.lineTo(xOf(frame, timeMs[i]!), yOf(frame, max[i]!));
  for (let i = to - 1; i >= from; i--) ctx.lineTo(xOf(frame, timeMs[i]!), yOf(frame, min[i]!));
  ctx.closePath();
  ctx.globalAlpha = lit ? 0.5 : 0.3;
  ctx.fill();
  // Where the band is flat only its edge can be seen.
  ctx.globalAlpha = 0.95;
  ctx.lineWidth = (lit ? 2 : 1) * frame.ratio;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function dot(ctx: CanvasRenderingContext2D, { timeMs, min, max }: DenseLine, at: number, frame: Frame, { lit }: Stroke): void {
  const radius = (lit ? 3.5 : 2.5) * frame.ratio;
  const x = xOf(frame, timeMs[at]!);
  const [top, bottom] = [yOf(frame, max[at]!), yOf(frame, min[at]!)];
  ctx.beginPath();
  ctx.roundRect(x - radius, top - radius, 2 * radius, bottom - top + 2 * radius, radius);
  ctx.fill();
}

/** A line that is on or off, as blocks in a lane: full where it was on all the time, pale where it changed. */
export function drawLane(ctx: CanvasRenderingContext2D, line: DenseLine, frame: Frame, colour: string): void {
  const { timeMs, min, max, gapMs } = line;
  const first = Math.max(0, firstFrom(timeMs, frame.fromMs) - 1);
  const end = Math.min(timeMs.length, firstFrom(timeMs, frame.toMs) + 1);
  ctx.fillStyle = colour;
  for (let i = first; i < end; ) {
    let next = i + 1;
    while (next < end && timeMs[next]! - timeMs[next - 1]! <= gapMs && min[next] === min[i] && max[next] === max[i]) next += 1;
    if (max[i]! > 0) {
      const untilMs = next < timeMs.length && timeMs[next]! - timeMs[next - 1]! <= gapMs ? timeMs[next]! : timeMs[next - 1]!;
      const x = xOf(frame, timeMs[i]!);
      ctx.globalAlpha = min[i]! > 0 ? 0.9 : 0.45;
      ctx.fillRect(x, frame.top, Math.max(frame.ratio, xOf(frame, untilMs) - x), frame.height);
    }
    i = next;
  }
  ctx.globalAlpha = 1;
}

export interface Tag {
  text: string;
  y: number;
  colour: string;
}

/** The lines' numbers at the right edge, moved apart where they would cover each other. */
export function drawTags(ctx: CanvasRenderingContext2D, tags: Tag[], frame: Frame, ground: string, font: string): void {
  const { ratio } = frame;
  const height = 14 * ratio;
  const sorted = tags.filter(({ y }) => !Number.isNaN(y)).sort((a, b) => a.y - b.y);
  let free = frame.top;
  const tops = sorted.map(({ y }) => {
    const top = Math.max(free, Math.min(y, frame.top + frame.height) - height / 2);
    free = top + height;
    return top;
  });
  // What was pushed below the frame pushes back up.
  let most = frame.top + frame.height - height;
  for (let i = tops.length - 1; i >= 0; i--) {
    tops[i] = Math.min(tops[i]!, most);
    most = tops[i]! - height;
  }
  ctx.font = `700 ${10 * ratio}px ${font}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  sorted.forEach(({ text, colour }, i) => {
    const width = (text.length > 1 ? 18 : 14) * ratio;
    const x = frame.left + frame.width - width;
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.roundRect(x, tops[i]! + ratio / 2, width, height - ratio, 3 * ratio);
    ctx.fill();
    ctx.fillStyle = ground;
    ctx.fillText(text, x + width / 2, tops[i]! + height / 2 + ratio / 2);
  });
}
