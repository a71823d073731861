/** Builds the uPlot chart: axes, scales and series; what to show and when is for its owner to say. */
import uPlot from 'uplot';
import { adcRange } from './adc-range.ts';
import { chartSeries } from './chart-series.ts';
import { drawWeather } from './draw-weather.ts';
import { tickLabels } from './time-labels.ts';

export type ChartColours = Record<string, string>;

export const chartTokens = ['ink-2', 'line', ...new Set(chartSeries.map((series) => series.colour))];

export interface PlotHooks {
  colours: ChartColours;
  font: string;
  oncursor: (index: number | null) => void;
  /** The user drew a stretch with the pointer; unix seconds. */
  onselect: (fromUnixS: number, toUnixS: number) => void;
  onreset: () => void;
}

const narrowPx = 560;
const rainColumn = 1 + chartSeries.findIndex((series) => series.key === 'rain');
const pumpColumn = 1 + chartSeries.findIndex((series) => series.key === 'pump');

/** Makes the chart in `host`, `width` by `height` CSS pixels. Destroy it when the colours change. */
export function makePlot(host: HTMLElement, width: number, height: number, hooks: PlotHooks): uPlot {
  const { colours } = hooks;
  const narrow = width < narrowPx;
  const axis: uPlot.Axis = {
    stroke: colours['ink-2']!,
    font: `11px ${hooks.font}`,
    labelFont: `11px ${hooks.font}`,
    labelSize: 16,
    labelGap: 0,
    ticks: { show: false },
    grid: { stroke: colours['line']!, width: 1 },
  };
  return new uPlot(
    {
      width,
      height,
      legend: { show: false },
      padding: [8, narrow ? 2 : 6, 0, narrow ? 2 : 6],
      tzDate: (unixS) => uPlot.tzDate(new Date(unixS * 1000), 'Etc/UTC'),
      scales: {
        x: { time: true, auto: false },
        adc: { range: (_, least, greatest) => adcRange(least, greatest) },
        percent: { range: [0, 100] },
        rain: { range: [0, 100] },
        pump: { range: [0, 1] },
      },
      axes: [
        {
          ...axis,
          size: 36,
          space: narrow ? 62 : 72,
          values: (_, ticks, __, ___, stepS) => tickLabels(ticks, stepS),
        },
        {
          ...axis,
          scale: 'adc',
          side: 3,
          label: 'raw ADC (higher = drier)',
          size: 42,
          space: 36,
          values: (_, ticks) => ticks.map(String),
        },
        { ...axis, scale: 'percent', side: 1, label: 'moisture %', size: 32, space: 36, grid: { show: false } },
      ],
      series: [
        {},
        ...chartSeries.map((series): uPlot.Series => ({
          label: series.label,
          scale: series.scale,
          stroke: colours[series.colour]!,
          width: series.widthPx,
          dash: [...series.dash],
          points: { show: false },
          ...(series.shape === 'line' ? {} : { paths: () => null }),
        })),
      ],
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: 6 },
        points: {
          // Rain and pump have no height on the axes, so nothing to mark.
          size: (_, column) => (chartSeries[column - 1]?.shape === 'line' ? 7 : 0),
          fill: (_, column) => colours[chartSeries[column - 1]!.colour]!,
        },
        bind: {
          // A drag with shift moves the window instead of drawing a stretch.
          mousedown: (_, __, handler) => (event) => (event.shiftKey ? null : handler(event)),
          dblclick: () => () => (hooks.onreset(), null),
        },
      },
      hooks: {
        drawClear: [
          (drawn) => {
            const column = (at: number) => (drawn.series[at]!.show ? (drawn.data[at] ?? null) : null);
            const paints = { rain: colours['rain']!, pump: colours['pump']! };
            drawWeather(drawn, column(rainColumn), column(pumpColumn), paints);
          },
        ],
        setCursor: [(drawn) => hooks.oncursor(drawn.cursor.left! >= 0 ? (drawn.cursor.idx ?? null) : null)],
        setSelect: [
          (drawn) => {
            const { left, width: selected } = drawn.select;
            if (selected < 6) return;
            drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            hooks.onselect(drawn.posToVal(left, 'x'), drawn.posToVal(left + selected, 'x'));
          },
        ],
      },
    },
    [[], ...chartSeries.map(() => [])] as unknown as uPlot.AlignedData,
    host,
  );
}
