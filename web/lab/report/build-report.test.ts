import { describe, expect, it } from 'vitest';
import type { Experiment, RunResult } from '../experiment/experiment.ts';
import { metrics } from '../measure/metrics.ts';
import { buildReport } from './build-report.ts';
import { longCsv, overheadCsv, summaryCsv, wideCsv } from './csv.ts';
import { latexTables } from './latex.ts';
import { plotsOf } from './plot-list.ts';
import { sandboxOverhead } from './sandbox-overhead.ts';
import { summarise } from './summary.ts';

const experiment: Experiment = {
  name: 'A_B & 50 % "new"',
  question: '',
  factors: { strategy: ['A', 'C', 'E'], guest: ['c'], nodes: [10], link: ['site'], periodS: [60], weather: ['mixed'] },
  replications: 6,
  seed: 1,
  warmUpS: 0,
  durationS: 3600,
  qos: 1,
  parameters: {},
  baseline: { strategy: 'E' },
};

const noise = [0.02, -0.01, 0.03, 0, -0.04, 0.01];

/** Cell 0 is A, 1 is C, 2 is E; the numbers are made up to be recognised. */
function run(cell: number, replication: number): RunResult {
  const own = noise[(replication + 2 * cell) % 6]!;
  return {
    cell,
    replication,
    seed: 100 + replication,
    digest: '0000000000000000',
    measures: {
      'latency.medianMs': 50 + replication,
      'cpu.edge.usPerReading': [300, 300, 100][cell]! * (1 + own),
      'cpu.fog.usPerReading': cell === 0 ? NaN : 20 + own,
      'memory.edge.usedBytes': [9000, 9000, 4000][cell]!,
      'water.irrigationMm': 3 + replication,
      'water.belowThresholdShare': 0.2 + replication / 100,
    },
  };
}

const all = [0, 1, 2].flatMap((cell) => noise.map((_, replication) => run(cell, replication)));
const report = buildReport(experiment, all, metrics);
const metricOf = (id: string) => report.metrics.find((metric) => metric.id === id)!;
const whole = (results: RunResult[], of = experiment) => {
  const made = buildReport(of, results, metrics);
  return [summarise(made).map(({ text }) => text), longCsv(made), wideCsv(made), summaryCsv(made), overheadCsv(made), latexTables(made), plotsOf(made).map(({ description }) => description)].flat().join('\n');
};

describe('a report', () => {
  it('gives mean, quartiles and interval of a cell', () => {
    // scipy 1.17.1 and numpy 2.4.6: stats.t.interval(.95, 5, 52.5, sd / sqrt(6)) and quantile of 50 to 55.
    const latency = metricOf('latency.medianMs').cells[0]!;
    expect(latency).toMatchObject({ n: 6, mean: 52.5, q1: 51.25, median: 52.5, q3: 53.75, min: 50, max: 55, missing: 0, outliers: [], note: '' });
    expect(latency.deviation).toBeCloseTo(1.8708286933869707, 12);
    expect(latency.interval!.low).toBeCloseTo(50.53667, 4);
    expect(latency.interval!.high).toBeCloseTo(54.46333, 4);
  });

  it('shows outliers and leaves them in', () => {
    const results = [0, 1, 2, 3, 4, 5].map((replication) => ({ ...run(0, replication), measures: { 'latency.medianMs': [1, 2, 3, 4, 5, 100][replication]! } }));
    const { cells } = buildReport(experiment, results, metrics).metrics[0]!;
    expect(cells[0]!.outliers.map(({ replication, seed, value }) => [replication, seed, value])).toEqual([[5, 105, 100]]);
    expect(cells[0]!.n).toBe(6);
    expect(cells[0]!.mean).toBeCloseTo(115 / 6, 12);
  });

  it('compares pairs of equal seeds with the baseline, however results are ordered and whatever is missing', () => {
    const [first] = metricOf('cpu.edge.usPerReading').comparisons;
    const shuffled = buildReport(experiment, [...all].reverse(), metrics);
    expect(shuffled.metrics).toEqual(report.metrics);
    expect(first).toMatchObject({ cell: 0, baseline: 2, pairs: 6, verdict: 'more' });
    expect(first!.ratioInterval!.low).toBeLessThan(3);
    expect(first!.ratioInterval!.high).toBeGreaterThan(3);
    const fewer = buildReport(experiment, all.filter(({ cell, replication }) => cell !== 2 || replication > 1), metrics);
    expect(fewer.metrics.find(({ id }) => id === 'cpu.edge.usPerReading')!.comparisons[0]!.pairs).toBe(4);
  });

  it('says of each kind of outcome what it is', () => {
    const verdicts = (id: string) => metricOf(id).comparisons.map(({ verdict }) => verdict);
    expect(verdicts('water.irrigationMm')).toEqual(['same', 'same']);
    expect(verdicts('memory.edge.usedBytes')).toEqual(['more', 'more']);
    expect(verdicts('cpu.fog.usPerReading')).toEqual(['unknown', 'none']);
  });

  it('does not find differences in noise: fewer than 5 of 100 families of runs without any, give or take', () => {
    // Families of two comparisons of equal distributions by a fixed sequence; 5 % of 400 is 20, and 3 standard deviations more are 33.
    let state = 12345;
    const draw = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
    const bell = () => draw() + draw() + draw() + draw() + draw() + draw();
    let found = 0;
    for (let family = 0; family < 400; family += 1) {
      const results = all.map((result) => ({ ...result, measures: { 'latency.medianMs': bell() } }));
      const { comparisons } = buildReport(experiment, results, metrics).metrics[0]!;
      if (comparisons.some(({ verdict }) => verdict !== 'none')) found += 1;
    }
    expect(found).toBeLessThanOrEqual(33);
    expect(found).toBeGreaterThan(2);
  });

  it('prints the cost of the sandbox against E', () => {
    const overhead = sandboxOverhead(report).filter(({ metric }) => metric === 'memory.edge.usedBytes');
    expect(overhead.map(({ comparison }) => comparison.ratio)).toEqual([2.25, 2.25]);
  });

  it('answers whether the placement changes the irrigation', () => {
    const answer = (results: RunResult[]) => summarise(buildReport(experiment, results, metrics)).find(({ text }) => text.startsWith('Does the placement'))!.text;
    expect(answer(all)).toMatch(/No, not in these runs\. Water used per node: equal to that of strategy E in every pair of runs \(2 comparisons\)/);
    const wetter = all.map((result) => (result.cell === 1 ? { ...result, measures: { ...result.measures, 'water.irrigationMm': 5 + result.replication * 1.1 } } : result));
    expect(answer(wetter)).toMatch(/Yes, in these runs; the largest mean difference is 41 %\. Water used per node: other than with strategy E in 1 of 2 comparisons, at most with strategy C, by 2\.25 mm \(95 % CI/);
    const noisy = all.map((result) => ({ ...result, measures: { ...result.measures, 'water.irrigationMm': 3 + noise[(result.replication + 3 * result.cell) % 6]! } }));
    expect(answer(noisy)).toContain('No difference was found, which does not say that there is none.');
  });

  it('never prints what is no number, whatever is missing', () => {
    const one = { ...experiment, replications: 1 };
    const bare = { ...experiment, baseline: {} };
    const single = { ...experiment, factors: { ...experiment.factors, strategy: ['A' as const] } };
    for (const text of [
      whole(all),
      whole([]),
      whole(all.slice(0, 1)),
      whole(all.filter(({ cell }) => cell !== 2)),
      whole(all.filter(({ replication }) => replication === 0), one),
      whole(all, bare),
      whole(all.filter(({ cell }) => cell === 0), single),
      whole(all.map((result) => ({ ...result, measures: { 'latency.medianMs': 0, 'cpu.edge.usPerReading': Infinity, elsewhere: 3 } }))),
    ]) {
      expect(text).not.toMatch(/NaN|undefined|Infinity|null|\[object/);
    }
  });

  it('writes CSV that other programs read', () => {
    const rows = summaryCsv(report).split('\r\n');
    expect(rows[1]).toContain('"End-to-end latency, median"');
    expect(rows.at(-1)).toBe('');
    expect(longCsv(report).split('\r\n')).toContain('0,A,c,10,site,60,mixed,3,103,latency.medianMs,ms,53');
    // A number that no run has is no row; a cell without any has empty fields.
    expect(longCsv(report)).not.toMatch(/^0,.*cpu\.fog/m);
    expect(wideCsv(report).split('\r\n')[1]).toMatch(/,,,/);
  });

  it('writes LaTeX with nothing unescaped', () => {
    const latex = latexTables(report);
    expect(latex).toContain("\\caption{A\\_B \\& 50 \\% ''new'', seed 1: latency.");
    expect(latex).toContain('$9{,}000$');
    expect(latex.match(/\\begin\{tabular\}/g)!.length).toBe(latex.match(/\\bottomrule/g)!.length);
    for (const line of latex.split('\n').filter((each) => each.endsWith('\\\\'))) expect(line.replaceAll('\\&', '').split(' & ').length).toBeGreaterThan(1);
  });
});
