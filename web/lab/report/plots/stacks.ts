/** Bars that are stacked of metrics which add up. */
import { hopMetricPrefix, measuredHops, metrics as catalogue } from '../../measure/metrics.ts';
import { metricName } from '../metric-words.ts';
import { energyUseId, energyUseNames } from '../plot-list.ts';
import type { Report } from '../report-port.ts';

export interface Part {
  cell: number;
  /** Into `names`. */
  part: number;
  from: number;
  to: number;
}

export interface Stacks {
  names: readonly string[];
  parts: readonly Part[];
  /** By cell; null where it has no part at all. */
  totals: readonly (number | null)[];
  label: string;
  unit: string;
}

export function hopStacks(report: Report): Stacks {
  const ids = measuredHops.map(({ name }) => `${hopMetricPrefix}${name}.meanMs`);
  return stacked(report, ids, ids.map((id) => metricName(catalogue[id]!).replace(/, mean$/, '')), 'Mean latency', 'ms');
}

export function energyStacks(report: Report): Stacks {
  return stacked(report, energyUseNames.map(energyUseId), energyUseNames, 'Edge energy per node and day', 'J');
}

function stacked({ cells, metrics }: Report, ids: readonly string[], names: readonly string[], label: string, unit: string): Stacks {
  const present = ids.flatMap((id, at) => {
    const found = metrics.find((metric) => metric.id === id);
    return found ? [{ name: names[at]!, cells: found.cells }] : [];
  });
  const parts: Part[] = [];
  const totals = cells.map((cell, index) => {
    let sum: number | null = null;
    present.forEach((metric, part) => {
      const { mean } = metric.cells[index]!;
      if (mean === null) return;
      const from: number = sum ?? 0;
      sum = from + mean;
      if (mean > 0) parts.push({ cell: cell.index, part, from, to: sum });
    });
    return sum;
  });
  return { names: present.map(({ name }) => name), parts, totals, label, unit };
}
