/** All that a report can be saved as, from one experiment's results. */
import { metrics } from '../measure/metrics.ts';
import { buildReport } from '../report/build-report.ts';
import { longCsv, overheadCsv, summaryCsv, wideCsv } from '../report/csv.ts';
import { latexTables } from '../report/latex.ts';
import { plotsOf } from '../report/plot-list.ts';
import { plotPng, plotSvgText } from '../report/plots/export-plot.ts';
import { summarise } from '../report/summary.ts';
import type { Experiment, RunResult } from './experiment.ts';
import type { LabFile } from './lab-port.ts';

/** Tables as CSV and LaTeX, the summary as text, and each plot as SVG and PNG. Needs a document for the plots. */
export async function reportFiles(experiment: Experiment, results: readonly RunResult[]): Promise<LabFile[]> {
  const report = buildReport(experiment, results, metrics);
  const text = (name: string, type: string, content: string): LabFile => ({ name, content: new Blob([content], { type }) });
  const summary = summarise(report).map((sentence) => `${sentence.text}\n`);
  const files = [
    text('runs.csv', 'text/csv', longCsv(report)),
    text('cells.csv', 'text/csv', wideCsv(report)),
    text('summary.csv', 'text/csv', summaryCsv(report)),
    text('overhead.csv', 'text/csv', overheadCsv(report)),
    text('tables.tex', 'application/x-tex', latexTables(report)),
    text('summary.txt', 'text/plain', summary.join('')),
  ];
  // One after the other: a picture of each metric at once would take much memory.
  for (const { id } of plotsOf(report)) {
    const name = `plots/${id.replaceAll(/[^A-Za-z0-9-]+/g, '-')}`;
    files.push(text(`${name}.svg`, 'image/svg+xml', await plotSvgText(report, id)));
    files.push({ name: `${name}.png`, content: await plotPng(report, id) });
  }
  return files;
}
