/** From the results of an experiment to all that is told of it. */
import { factorNames, type Cell, type Experiment, type RunResult } from '../experiment/experiment.ts';
import { cellsOf } from '../experiment/matrix.ts';
import type { Metric } from '../measure/metrics.ts';
import { cellStatistics } from './cell-statistics.ts';
import { baselinesOf, compareCells } from './compare-cells.ts';
import type { CellStatistics, MetricCatalogue, Report } from './report-port.ts';

/** @param results so far; runs may be missing */
export function buildReport(experiment: Experiment, results: readonly RunResult[], metrics: MetricCatalogue): Report {
  const cells = cellsOf(experiment);
  // Live runs share no seeds: their cells differ in time and order, too, and no pair test applies.
  const baselines = experiment.live ? cells.map(() => null) : baselinesOf(cells, experiment.baseline);
  const byCell = cells.map((cell) => results.filter((result) => result.cell === cell.index).sort((a, b) => a.replication - b.replication));
  const ids = [...new Set([...Object.keys(metrics), ...results.flatMap(({ measures }) => Object.keys(measures))])];
  return {
    experiment,
    cells,
    varying: factorNames.filter((name) => experiment.factors[name].length > 1),
    metrics: ids.flatMap((id) => {
      const statistics = cells.map((cell, at) => statisticsOf(cell, id, byCell[at]!, experiment.replications));
      if (statistics.every(({ n }) => n === 0)) return [];
      return [{ id, metric: metrics[id] ?? unlisted(id), cells: statistics, comparisons: compareCells(statistics, baselines) }];
    }),
    runs: { done: results.length, asked: cells.length * experiment.replications },
    baselineNote: experiment.live ? 'Measured live: the cells followed one another on the same fleet and soil, with no seeds in common, so they are not tested against each other.' : baselineNote(experiment.baseline, cells, baselines),
  };
}

function statisticsOf(cell: Cell, id: string, results: readonly RunResult[], asked: number): CellStatistics {
  const values = results.map(({ replication, seed, measures }) => ({ replication, seed, value: measures[id] ?? NaN }));
  return cellStatistics(cell.index, values.filter(({ value }) => Number.isFinite(value)), asked);
}

/** A metric of another version of the page, brought by a file. */
function unlisted(id: string): Metric {
  return { label: id, unit: '', meaning: 'This version of the page does not know this metric.', better: 'neither', group: 'Extent' };
}

function baselineNote(baseline: Experiment['baseline'], cells: readonly Cell[], baselines: readonly (number | null)[]): string {
  if (Object.keys(baseline).length === 0) return 'The experiment names no baseline, so its cells are not compared.';
  if (cells.length === 1) return 'There is only one cell, so there is nothing to compare it with.';
  return baselines.every((index) => index === null) ? 'No cell of the experiment is its baseline, so its cells are not compared.' : '';
}
