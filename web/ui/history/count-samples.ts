/** How many samples the lines have in a window. */
import type { HistoryPort } from '../../history/history-port.ts';
import { firstAfter, firstFrom } from './dense-line.ts';
import type { DenseLine } from './dense-line.ts';
import type { TimeWindow } from './time-window.ts';

/** Only the number is wanted; fewer would make the columns at the borders reach far beyond them. */
const COLUMNS = 50;

/** By line. Lines that are drawn from their samples are counted here, for the others history is asked. */
export async function countSamples(
  port: Pick<HistoryPort, 'envelope'>,
  lines: Iterable<DenseLine>,
  { fromMs, toMs }: TimeWindow,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const asked: DenseLine[] = [];
  for (const line of lines) {
    if (line.exact) counts.set(line.id, firstAfter(line.timeMs, toMs) - firstFrom(line.timeMs, fromMs));
    else asked.push(line);
  }
  const series = asked.map((line) => line.series);
  const answers = series.length > 0 ? await port.envelope(series, fromMs, toMs, COLUMNS) : [];
  answers.forEach(({ samples }, i) => counts.set(asked[i]!.id, samples));
  return counts;
}
