/** Rain as bars that hang from the top and the pump as shaded stretches, under the lines. */
import type uPlot from 'uplot';

/** Share of the plot's height that the rain's scale fills. */
const rainShare = 0.18;
const leastRainTop = 4;

/** Calls `draw` for each run of equal non-zero values, from its first x to the x after its last. */
export function eachRun(
  x: ArrayLike<number>,
  values: ArrayLike<number | null | undefined>,
  draw: (fromX: number, toX: number, value: number) => void,
): void {
  for (let i = 0; i < x.length; ) {
    const value = values[i] ?? 0;
    let end = i + 1;
    while (end < x.length && (values[end] ?? 0) === value) end++;
    if (value > 0) draw(x[i]!, x[Math.min(end, x.length - 1)]!, value);
    i = end;
  }
}

/** Paints both on the plot's canvas; `rain` and `pump` are its data columns, null when switched off. */
export function drawWeather(
  plot: uPlot,
  rain: ArrayLike<number | null | undefined> | null,
  pump: ArrayLike<number | null | undefined> | null,
  colours: { rain: string; pump: string },
): void {
  const { ctx, bbox } = plot;
  const x = plot.data[0];
  const left = (value: number) => plot.valToPos(value, 'x', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  if (pump !== null) {
    ctx.fillStyle = colours.pump;
    const band = 4 * devicePixelRatio;
    eachRun(x, pump, (fromX, toX) => {
      const at = left(fromX);
      const width = Math.max(devicePixelRatio, left(toX) - at);
      ctx.globalAlpha = 0.16;
      ctx.fillRect(at, bbox.top, width, bbox.height);
      ctx.globalAlpha = 0.9;
      ctx.fillRect(at, bbox.top + bbox.height - band, width, band);
    });
  }
  if (rain !== null) {
    ctx.fillStyle = colours.rain;
    const most = Math.max(leastRainTop, ...Array.from(rain, (value) => value ?? 0));
    eachRun(x, rain, (fromX, toX, value) => {
      const at = left(fromX);
      const width = Math.max(devicePixelRatio, left(toX) - at);
      const height = (value / most) * bbox.height * rainShare;
      ctx.globalAlpha = 0.3;
      ctx.fillRect(at, bbox.top, width, height);
      ctx.globalAlpha = 1;
      ctx.fillRect(at, bbox.top + height - devicePixelRatio * 1.5, width, devicePixelRatio * 1.5);
    });
  }
  ctx.restore();
}
