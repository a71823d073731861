/** Which plots a report can be drawn in: known without drawing, so that a page can offer them. */
import { energyUses, hopMetricPrefix } from '../measure/metrics.ts';
import { factorTitles } from './cell-words.ts';
import { metricName, metricTitle } from './metric-words.ts';
import { sandboxOverhead } from './sandbox-overhead.ts';
import type { MetricReport, PlotEntry, Report } from './report-port.ts';

/** Factors that are drawn along an axis. */
export const axisFactors = ['nodes', 'periodS'] as const;

export const energyUseNames = Object.keys(energyUses) as (keyof typeof energyUses)[];

/** Those of the whole first, then those of each metric in the order of the catalogue. */
export function plotsOf(report: Report): PlotEntry[] {
  return [...wholePlots(report), ...report.metrics.flatMap((metric) => metricPlots(report, metric))];
}

function wholePlots(report: Report): PlotEntry[] {
  const plots: PlotEntry[] = [];
  if (report.metrics.some(({ id }) => id.startsWith(hopMetricPrefix) && id.endsWith('.meanMs'))) {
    plots.push({
      id: 'hops',
      kind: 'hops',
      title: 'Mean latency by hop',
      description: 'Stacked bars, one for each cell: the mean latency of each hop from the sensor to the last tier, in milliseconds. Means add up, medians would not.',
    });
  }
  if (report.metrics.some(({ id }) => energyUseNames.some((use) => id === energyUseId(use)))) {
    plots.push({
      id: 'energy',
      kind: 'energy',
      title: 'Edge energy by state',
      description: 'Stacked bars, one for each cell: what an edge node spends in a day while waiting, computing, receiving and transmitting, in joules, mean over nodes and runs.',
    });
  }
  if (sandboxOverhead(report).some(({ comparison }) => comparison.ratio !== null && comparison.ratio > 0)) {
    plots.push({
      id: 'overhead',
      kind: 'overhead',
      title: 'Overhead against strategy E',
      description: 'Ratio of each strategy to strategy E, which runs native code on all tiers, with the same other factors and seeds: dots with 95 % confidence intervals by Fieller; the line at 1 is E.',
    });
  }
  return plots;
}

function metricPlots(report: Report, { id, metric, cells }: MetricReport): PlotEntry[] {
  const name = metricTitle(metric);
  const plots: PlotEntry[] = [
    {
      id: `cells:${id}`,
      kind: 'cells',
      title: metricName(metric),
      description: `${name} of each cell: all runs as faint dots, outliers by Tukey's fences as rings, the mean as a filled mark with its 95 % confidence interval. ${metric.meaning}`,
    },
  ];
  if (cells.some(({ n }) => n > 1)) {
    plots.push({
      id: `runs:${id}`,
      kind: 'runs',
      title: `${metricName(metric)}: distribution of the runs`,
      description: `Share of the runs of each cell that have at most this ${name}: the empirical distribution. ${metric.meaning}`,
    });
  }
  for (const factor of axisFactors) {
    if (!report.varying.includes(factor)) continue;
    plots.push({
      id: `factor:${factor}:${id}`,
      kind: 'factor',
      title: `${metricName(metric)} over ${factorTitles[factor].toLowerCase()}`,
      description: `${name} over ${factorTitles[factor].toLowerCase()}: means joined by lines, bands of 95 % confidence. ${metric.meaning}`,
    });
  }
  return plots;
}

export function energyUseId(use: (typeof energyUseNames)[number]): string {
  return `energy.edge.${use}JPerDay`;
}
