/** Builds the uPlot chart of a board and its twin: solid and dashed, as the legend names them. */
import uPlot from 'uplot';
import { twinRange } from './twin-columns.ts';
import { backLabels } from './twin-words.ts';

/** CSS pixels; long, because readings tremble and short dashes would be lost in that. */
export const twinDash = [12, 4] as const;
export const twinTokens = ['ink', 'ink-2', 'line', 'edge'] as const;

export interface TwinPlotHooks {
  colours: Record<(typeof twinTokens)[number], string>;
  font: string;
  /** Index of the comparison under the cursor; null for none. */
  oncursor: (index: number | null) => void;
  /** Where the twin's soil was aligned, seconds since the last comparison (0 or less); null for out of sight. */
  alignedAt: () => number | null;
}

/** Seconds between ticks that are whole seconds, minutes or hours. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Makes the chart in `host`, `width` by `height` CSS pixels. Destroy it when the colours change. */
export function makeTwinPlot(host: HTMLElement, width: number, height: number, hooks: TwinPlotHooks): uPlot {
  const { colours } = hooks;
  const axis: uPlot.Axis = {
    stroke: colours['ink-2'],
    font: `11px ${hooks.font}`,
    ticks: { show: false },
    grid: { stroke: colours.line, width: 1 },
  };
  // A lone comparison makes no line.
  const line = { points: { show: ({ data }: uPlot) => data[0].length === 1, size: 6 } };
  return new uPlot(
    {
      width,
      height,
      legend: { show: false },
      padding: [8, 14, 0, 0],
      scales: {
        x: { time: false, range: (_, first) => [Math.min(first ?? -60, -10), 0] },
        adc: { range: (_, least, greatest) => twinRange(least, greatest) },
      },
      axes: [
        { ...axis, size: 22, space: 64, incrs: steps, values: (_, ticks, __, ___, stepS) => backLabels(ticks, stepS) },
        { ...axis, scale: 'adc', size: 38, space: 26, values: (_, ticks) => ticks.map(String) },
      ],
      series: [
        {},
        { ...line, label: 'Board', scale: 'adc', stroke: colours.ink, width: 1.25 },
        { ...line, label: 'Twin', scale: 'adc', stroke: colours.edge, dash: [...twinDash], width: 2.25 },
      ],
      cursor: { y: false, drag: { x: false, y: false } },
      hooks: {
        drawClear: [
          ({ ctx, bbox, valToPos }) => {
            const at = hooks.alignedAt();
            if (at === null) return;
            const left = Math.round(valToPos(at, 'x', true));
            if (left < bbox.left || left > bbox.left + bbox.width) return;
            ctx.save();
            ctx.strokeStyle = colours['ink-2'];
            ctx.lineWidth = devicePixelRatio;
            ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
            ctx.beginPath();
            ctx.moveTo(left, bbox.top);
            ctx.lineTo(left, bbox.top + bbox.height);
            ctx.stroke();
            ctx.restore();
          },
        ],
        setCursor: [(drawn) => hooks.oncursor(drawn.cursor.left! >= 0 ? (drawn.cursor.idx ?? null) : null)],
      },
    },
    [[], [], []],
    host,
  );
}
