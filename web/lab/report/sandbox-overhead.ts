/**
 * What the sandbox costs: each strategy against E, which has none, all else and the seeds being equal, in what both do. A tier
 * that only relays under the strategy does less than under E, and the way of a reading ends earlier there; of a module that a
 * user brought E runs no native twin.
 */
import { strategies } from '../../sim/strategy.ts';
import { overheadMetrics } from '../measure/metrics.ts';
import { baselinesOf, compareCells } from './compare-cells.ts';
import type { Cell } from '../experiment/experiment.ts';
import type { Overhead, Report } from './report-port.ts';

/** Empty when the experiment has no E, or nothing else. */
export function sandboxOverhead({ cells, metrics }: Pick<Report, 'cells' | 'metrics'>): Overhead[] {
  const baselines = baselinesOf(cells, { strategy: 'E' });
  return overheadMetrics.flatMap((id) => {
    const found = metrics.find((metric) => metric.id === id);
    const same = baselines.map((baseline, at) => (baseline !== null && doesTheSame(cells[at]!, id) ? baseline : null));
    return (found ? compareCells(found.cells, same) : []).map((comparison) => ({ metric: id, comparison }));
  });
}

function doesTheSame({ strategy, guest }: Cell, metric: string): boolean {
  if (guest !== 'c' && guest !== 'rust') return false;
  const { placement } = strategies[strategy];
  if (/\.edge\.|^hop\.guest\./.test(metric)) return true;
  if (/\.fog\./.test(metric)) return placement.fog !== 'relay';
  // The cloud's own figures, and the end of the whole way.
  return placement.cloud !== 'relay';
}
