/** What is told of one metric over the runs of one cell. */
import jStat from 'jstat';
import type { CellStatistics, RunValue } from './report-port.ts';
import { criticalT } from './student-t.ts';

/** J. W. Tukey, Exploratory Data Analysis, Addison-Wesley 1977: the inner fences. */
const FENCE_RANGES = 1.5;

/** @param values finite ones, in the order of the replications */
export function cellStatistics(cell: number, values: readonly RunValue[], asked: number): CellStatistics {
  const n = values.length;
  const missing = asked - n;
  const gaps = missing > 0 ? `${missing} of ${asked} runs ${missing === 1 ? 'has' : 'have'} no such number` : '';
  if (n === 0) {
    const nothing = { mean: null, deviation: null, interval: null, min: null, q1: null, median: null, q3: null, max: null };
    return { cell, n, missing, values, ...nothing, outliers: [], note: 'No run of this cell has such a number.' };
  }
  const numbers = values.map(({ value }) => value);
  const mean = jStat.mean(numbers);
  // jStat interpolates between two values, of which a single run has not enough.
  const [q1, median, q3] = n === 1 ? [mean, mean, mean] : jStat.quantiles(numbers, [0.25, 0.5, 0.75], 1, 1);
  const reach = FENCE_RANGES * (q3 - q1);
  const summary = {
    ...{ cell, n, missing, values, mean, q1, median, q3 },
    min: numbers.reduce((a, b) => Math.min(a, b)),
    max: numbers.reduce((a, b) => Math.max(a, b)),
    outliers: values.filter(({ value }) => value < q1 - reach || value > q3 + reach),
  };
  if (n === 1) return { ...summary, deviation: null, interval: null, note: sentence(gaps, 'one run gives no interval') };
  const deviation = jStat.stdev(numbers, true);
  const half = (criticalT(n - 1) * deviation) / Math.sqrt(n);
  return { ...summary, deviation, interval: { low: mean - half, high: mean + half }, note: sentence(gaps) };
}

function sentence(...parts: string[]): string {
  const text = parts.filter((part) => part !== '').join('; ');
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
