/** Draws a plot of a report. Observable Plot comes with the first. */
import { axisFactors, plotsOf } from '../plot-list.ts';
import type { MetricReport, PlotLook, Report } from '../report-port.ts';
import { cellsPlot } from './cells-plot.ts';
import { factorPlot } from './factor-plot.ts';
import { draftOf, type Draft } from './frame.ts';
import { overheadPlot } from './overhead-plot.ts';
import { runsPlot } from './runs-plot.ts';
import { stackPlot } from './stack-plot.ts';
import { energyStacks, hopStacks } from './stacks.ts';

/** @param id of one of `plotsOf(report)`; rejects with a sentence for any other */
export async function drawPlot(report: Report, id: string, look: PlotLook): Promise<SVGSVGElement> {
  const entry = plotsOf(report).find((plot) => plot.id === id);
  if (!entry) throw new Error(`This report has no plot "${id}": choose one of its list.`);
  const draft = draftOf(await import('@observablehq/plot'), entry, look);
  switch (entry.kind) {
    case 'hops':
      return stackPlot(draft, report, hopStacks(report));
    case 'energy':
      return stackPlot(draft, report, energyStacks(report));
    case 'overhead':
      return overheadPlot(draft, report);
    default:
      return drawMetric(draft, report, id);
  }
}

function drawMetric(draft: Draft, report: Report, id: string): SVGSVGElement {
  const metric: MetricReport = report.metrics.find((each) => id.endsWith(`:${each.id}`))!;
  if (id.startsWith('cells:')) return cellsPlot(draft, report, metric);
  if (id.startsWith('runs:')) return runsPlot(draft, report, metric);
  return factorPlot(draft, report, metric, axisFactors.find((factor) => id.startsWith(`factor:${factor}:`))!);
}
