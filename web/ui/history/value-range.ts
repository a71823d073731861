/** The range of values that an axis shows, from what is in sight. */
import { adcRange } from '../chart/adc-range.ts';
import { extremes } from './dense-line.ts';
import type { DenseLine } from './dense-line.ts';
import type { LineLook, ScaleName } from './line-looks.ts';
import type { TimeWindow } from './time-window.ts';

/** @param lines those of one scale */
export function valueRange(scale: ScaleName, looks: readonly LineLook[], lines: ReadonlyMap<string, DenseLine>, { fromMs, toMs }: TimeWindow): [number, number] {
  if (scale === 'percent') return [0, 100];
  let least: number | null = null;
  let greatest: number | null = null;
  for (const look of looks) {
    if (look.scale !== scale) continue;
    const line = lines.get(look.id);
    const found = line ? extremes(line, fromMs, toMs) : null;
    if (found === null) continue;
    least = Math.min(least ?? Infinity, found.least);
    greatest = Math.max(greatest ?? -Infinity, found.greatest);
  }
  return scale === 'latency' ? [0, roundUp(greatest ?? 10)] : adcRange(least, greatest);
}

/** The next of 1, 1.5, 2, 3, 5, 7.5 times a power of ten, so that the axis rests while values tremble. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  const step = [1, 1.5, 2, 3, 5, 7.5, 10].find((times) => times * power >= value * 1.05);
  return (step ?? 15) * power;
}
