/** Builds the uPlot chart of one pane: its axes and scales. The lines are painted from typed arrays in its draw hook. */
import uPlot from 'uplot';
import type { LineLook, ScaleName } from './line-looks.ts';
import { drawLane, drawLine, drawTags } from './draw-lines.ts';
import type { Frame, Tag } from './draw-lines.ts';
import type { DenseLine } from './dense-line.ts';
import { eventLooks } from './event-looks.ts';
import type { Mark } from './event-looks.ts';
import { tickLabels } from './local-time.ts';
import type { TimeWindow } from './time-window.ts';

export interface PaneOptions {
  /** Whose axis stands at the left and at the right; null leaves the room empty, undefined takes none. */
  left: ScaleName | null;
  right: ScaleName | null | undefined;
  /** Whether times stand below. */
  times: boolean;
  /** Whether there is room above the lines for events. */
  marks: boolean;
  colours: Record<string, string>;
  font: string;
}

/** What the next drawing shows. */
export interface PaneScene {
  window: TimeWindow;
  looks: readonly LineLook[];
  lines: ReadonlyMap<string, DenseLine>;
  ranges: Partial<Record<ScaleName, [number, number]>>;
  marks: readonly Mark[];
  /** Line that is drawn stronger, and which event is chosen, ms; or null. */
  lit: string | null;
  chosenMs: number | null;
}

export const MARKS_PX = 20;
export const LANE_PX = 9;
/** From so many marks on, lines down from each would hide what they mark. */
const MANY_MARKS = 16;
const AXIS_LEFT_PX = 60;
const AXIS_RIGHT_PX = 50;
const axisLabels: Record<ScaleName, string> = { adc: 'ADC counts', percent: 'percent', latency: 'latency, ms', onOff: '' };

/** Tokens of the style sheet that a pane draws with, beside those of its lines. */
export const paneTokens = ['ink-2', 'line', 'surface', ...new Set(Object.values(eventLooks).map(({ colour }) => colour))];

/** @param scene asked at each drawing */
export function makePane(host: HTMLElement, width: number, height: number, options: PaneOptions, scene: () => PaneScene): uPlot {
  const { colours, font } = options;
  const axis: uPlot.Axis = {
    stroke: colours['ink-2']!,
    font: `11px ${font}`,
    labelFont: `11px ${font}`,
    labelSize: 16,
    labelGap: 0,
    ticks: { show: false },
    grid: { stroke: colours['line']!, width: 1 },
  };
  const yAxis = (scale: ScaleName, side: 1 | 3): uPlot.Axis => ({
    ...axis,
    scale,
    side,
    label: axisLabels[scale],
    size: (side === 3 ? AXIS_LEFT_PX : AXIS_RIGHT_PX) - 16,
    space: 32,
    grid: { ...axis.grid, show: side === 3 || options.left === null },
    values: (_, ticks) => ticks.map(String),
  });
  const scales = [options.left, options.right].filter((scale): scale is ScaleName => scale != null);
  const range = (scale: ScaleName) => (): [number, number] => scene().ranges[scale] ?? [0, 1];
  return new uPlot(
    {
      width,
      height,
      legend: { show: false },
      cursor: { show: false },
      padding: [
        options.marks ? MARKS_PX : 6,
        options.right === undefined ? 10 : options.right === null ? AXIS_RIGHT_PX : 0,
        options.times ? 0 : 6,
        options.left === null ? AXIS_LEFT_PX : 0,
      ],
      scales: {
        x: { time: true, auto: false },
        ...Object.fromEntries(scales.map((scale) => [scale, { range: range(scale) }])),
      },
      axes: [
        {
          ...axis,
          show: true,
          size: options.times ? 36 : 0,
          space: width < 560 ? 62 : 76,
          values: options.times ? (_, ticks, __, ___, stepS) => tickLabels(ticks, stepS) : (_, ticks) => ticks.map(() => ''),
        },
        ...(options.left ? [yAxis(options.left, 3)] : []),
        ...(options.right ? [yAxis(options.right, 1)] : []),
      ],
      series: [{}, ...scales.map((scale): uPlot.Series => ({ scale, paths: () => null, points: { show: false } }))],
      hooks: { draw: [(plot) => paint(plot, options, scene())] },
    },
    [[], ...scales.map(() => [])] as unknown as uPlot.AlignedData,
    host,
  );
}

function paint({ ctx, bbox }: uPlot, options: PaneOptions, scene: PaneScene): void {
  const { colours, font } = options;
  const ratio = uPlot.pxRatio;
  const area: Frame = { ...bbox, ...scene.window, least: 0, greatest: 1, ratio };
  ctx.save();
  if (options.marks) paintMarks(ctx, area, scene, colours, font);
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const tags: Tag[] = [];
  const lanes = scene.looks.filter(({ scale }) => scale === 'onOff');
  lanes.forEach((look, k) => {
    const line = scene.lines.get(look.id);
    const height = (LANE_PX - 2) * ratio;
    const top = bbox.top + bbox.height - (lanes.length - k) * LANE_PX * ratio;
    if (line) drawLane(ctx, line, { ...area, top, height }, colours[look.colour]!);
    tags.push({ text: String(look.tag), y: top + height / 2, colour: colours[look.colour]! });
  });
  // The one that is looked at comes last and so lies on top.
  const order = [...scene.looks].sort((a, b) => Number(a.id === scene.lit) - Number(b.id === scene.lit));
  for (const look of order) {
    const line = scene.lines.get(look.id);
    const range = scene.ranges[look.scale];
    if (!line || !range || look.scale === 'onOff') continue;
    const colour = colours[look.colour]!;
    const frame = { ...area, least: range[0], greatest: range[1] };
    const y = drawLine(ctx, line, frame, { colour, dash: look.dash, lit: look.id === scene.lit });
    tags.push({ text: String(look.tag), y, colour });
  }
  drawTags(ctx, tags, area, colours['surface']!, font);
  ctx.restore();
}

function paintMarks(ctx: CanvasRenderingContext2D, area: Frame, { marks, window, chosenMs }: PaneScene, colours: Record<string, string>, font: string): void {
  const { ratio } = area;
  const chosenShare = chosenMs === null ? NaN : (chosenMs - window.fromMs) / (window.toMs - window.fromMs);
  if (chosenShare >= 0 && chosenShare <= 1) {
    ctx.fillStyle = colours['ink-2']!;
    ctx.fillRect(area.left + chosenShare * area.width - ratio, area.top - MARKS_PX * ratio, 2 * ratio, area.height + MARKS_PX * ratio);
  }
  ctx.font = `${9 * ratio}px ${font}`;
  ctx.textBaseline = 'middle';
  for (const { share, kind, count } of marks) {
    const { path, colour } = eventLooks[kind];
    const x = area.left + share * area.width;
    ctx.fillStyle = colours[colour]!;
    ctx.globalAlpha = 0.3;
    ctx.fillRect(x - ratio / 2, area.top, ratio, marks.length < MANY_MARKS ? area.height : 5 * ratio);
    ctx.globalAlpha = 1;
    ctx.save();
    ctx.translate(x - 5 * ratio, area.top - 15 * ratio);
    ctx.scale((ratio * 10) / 12, (ratio * 10) / 12);
    ctx.fill(shape(path));
    ctx.restore();
    if (count > 1) {
      ctx.fillStyle = colours['ink-2']!;
      ctx.textAlign = 'left';
      ctx.fillText(count > 99 ? '99+' : String(count), x + 6.5 * ratio, area.top - 10 * ratio);
    }
  }
}

const shapes = new Map<string, Path2D>();

function shape(path: string): Path2D {
  const made = shapes.get(path) ?? new Path2D(path);
  shapes.set(path, made);
  return made;
}
