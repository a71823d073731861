/** Results as LaTeX tables: booktabs and nothing else, one table for each group of metrics and each metric's cells in a column. */
import { metricGroups, type MetricGroup } from '../measure/metrics.ts';
import { cellPhrase, comparedBy, factorTitles, levelText } from './cell-words.ts';
import { metricTitle } from './metric-words.ts';
import { marksMeaning, marksOf, numberText, withInterval } from './number-text.ts';
import type { CellStatistics, MetricReport, Report } from './report-port.ts';

/** Chosen: more columns of numbers than these do not fit the text of an A4 page. */
const COLUMNS = 3;

/** All of them, to be `\input` in a document that uses `booktabs`. */
export function latexTables(report: Report): string {
  const head = ['% Needs \\usepackage{booktabs}. With many cells also \\usepackage{graphicx} and \\resizebox.'];
  const tables = metricGroups.flatMap((group) => {
    const members = report.metrics.filter(({ metric }) => metric.group === group);
    const parts = Array.from({ length: Math.ceil(members.length / COLUMNS) }, (_, at) => members.slice(at * COLUMNS, (at + 1) * COLUMNS));
    return parts.map((part, at) => table(report, group, part, at));
  });
  return [...head, ...tables].join('\n\n') + '\n';
}

/** One table of these metrics. */
export function latexTable(report: Report, ids: readonly string[]): string {
  const members = report.metrics.filter(({ id }) => ids.includes(id));
  return table(report, members[0]?.metric.group ?? 'Extent', members, 0);
}

function table(report: Report, group: MetricGroup, members: readonly MetricReport[], part: number): string {
  const { varying, cells } = report;
  const factors = varying.length === 0 ? ['Cell'] : varying.map((name) => factorTitles[name]);
  const titles = members.map(({ metric }) => metricTitle(metric));
  const rows = cells.map((cell) => {
    const levels = varying.length === 0 ? ['the one cell'] : varying.map((name) => (name === 'nodes' || name === 'periodS' ? cell[name].toLocaleString('en') : levelText(name, cell)));
    return [...levels.map(escaped), ...members.map((member) => entry(member, cell.index))];
  });
  return [
    '\\begin{table}[htbp]',
    '  \\centering\\footnotesize\\setlength{\\tabcolsep}{3pt}',
    `  \\caption{${caption(report, group, members)}}`,
    `  \\label{tab:${slug(report.experiment.name)}-${group.toLowerCase()}${part === 0 ? '' : `-${part + 1}`}}`,
    `  \\begin{tabular}{${'l'.repeat(factors.length)}${'r'.repeat(members.length)}}`,
    '    \\toprule',
    `    ${[...factors, ...titles].map((title, at) => (at < factors.length ? escaped(title) : `\\shortstack[r]{${wrapped(title)}}`)).join(' & ')} \\\\`,
    '    \\midrule',
    ...rows.map((row) => `    ${row.join(' & ')} \\\\`),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ].join('\n');
}

/** Mean and half of its interval; the end of an interval that has no width; a dash for no number. */
function entry({ cells, comparisons }: MetricReport, cell: number): string {
  const statistics: CellStatistics = cells[cell]!;
  if (statistics.mean === null) return '--';
  const marks = marksOf(comparisons.find((comparison) => comparison.cell === cell)?.pHolm ?? null);
  const mark = marks === '' ? '' : `$^{${marks}}$`;
  const { interval, mean } = statistics;
  if (interval === null || interval.high === interval.low) return `$${math(numberText(mean, 5))}$${mark}`;
  const half = (interval.high - interval.low) / 2;
  const told = withInterval(mean, interval);
  return `$${math(told.value)} \\pm ${math(withInterval(half, interval).value)}$${mark}`;
}

function caption(report: Report, group: MetricGroup, members: readonly MetricReport[]): string {
  const { experiment, baselineNote, runs } = report;
  const means = experiment.replications === 1 ? 'One run of each cell; there are no intervals.' : `Means of ${experiment.replications} replications $\\pm$ half the 95\\,\\% confidence interval (Student's $t$).`;
  const missing = runs.done < runs.asked ? ` ${runs.done} of ${runs.asked} runs were done.` : '';
  const tested = members.some(({ comparisons }) => comparisons.some(({ pHolm }) => pHolm !== null));
  const { own } = comparedBy(report);
  const against = cellPhrase({ ...report.cells[0]!, ...experiment.baseline }, own);
  const marks = tested
    ? ` Marks: difference from ${escaped(against)} with the same other factors, paired $t$-test, $p$ adjusted by Holm's method within each column: ${escapedMarks()}.`
    : baselineNote === '' ? '' : ` ${escaped(baselineNote)}`;
  return `${escaped(experiment.name)}, seed ${experiment.seed}: ${group.toLowerCase()}. ${means}${missing}${marks}`;
}

function escapedMarks(): string {
  return marksMeaning.split(', ').map((mark) => mark.replace(/^(\*+) p < ([\d.]+)$/, '$^{$1}$ $$p < $2$$')).join(', ');
}

/** Numbers as this page writes them, for math mode. */
function math(text: string): string {
  return text
    .replaceAll('−', '-')
    .replaceAll(',', '{,}')
    .replace(/ × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/, (_, power: string) => `\\times 10^{${[...power].map((sign) => (sign === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(sign))).join('')}}`);
}

/** A heading on lines of about 16 characters. */
function wrapped(title: string): string {
  const lines: string[] = [''];
  for (const word of title.split(' ')) {
    const last = lines.length - 1;
    if (lines[last] !== '' && lines[last]!.length + word.length > 16) lines.push(word);
    else lines[last] = lines[last] === '' ? word : `${lines[last]} ${word}`;
  }
  return lines.map(escaped).join('\\\\');
}

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  'µ': '\\textmu{}',
  '·': '\\textperiodcentered{}',
  '°': '\\textdegree{}',
  '–': '--',
  '−': '$-$',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "''",
};

export function escaped(text: string): string {
  return text.replace(/[\\{}~^µ·°–−<>|"]|[#$%&_]/g, (sign) => special[sign] ?? `\\${sign}`).replace(/[\r\n]+/g, ' ');
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'experiment';
}
