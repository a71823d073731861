/** What the sandbox costs: each strategy against E, which has none, all else and the seeds being equal. */
import { overheadMetrics } from '../measure/metrics.ts';
import { baselinesOf, compareCells } from './compare-cells.ts';
import type { Overhead, Report } from './report-port.ts';

/** Empty when the experiment has no E, or nothing else. */
export function sandboxOverhead({ cells, metrics }: Pick<Report, 'cells' | 'metrics'>): Overhead[] {
  const baselines = baselinesOf(cells, { strategy: 'E' });
  return overheadMetrics.flatMap((id) => {
    const found = metrics.find((metric) => metric.id === id);
    return (found ? compareCells(found.cells, baselines) : []).map((comparison) => ({ metric: id, comparison }));
  });
}
