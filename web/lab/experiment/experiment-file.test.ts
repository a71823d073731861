import { expect, test } from 'vitest';
import type { Experiment } from './experiment.ts';
import { checkExperiment, readExperimentFile, writeExperiment, type ReadExperiment } from './experiment-file.ts';

const choices = { links: ['site', 'ideal'], weathers: ['mixed'] };
const whole: Experiment = {
  name: 'Strategies',
  question: 'What does the sandbox cost?',
  factors: { strategy: ['A', 'E'], guest: ['c', 'rust'], nodes: [5], link: ['site'], periodS: [60], weather: ['mixed'] },
  replications: 3,
  seed: 1,
  warmUpS: 600,
  durationS: 3600,
  qos: 1,
  parameters: { 'link.wifi.latencyMedianMs': 9 },
  baseline: { strategy: 'E' },
};

function problems(read: ReadExperiment): string[] {
  return read.ok ? [] : read.problems;
}

/** The file with the value under a dotted path replaced; `undefined` takes it out. */
function changed(path: string, value: unknown): string {
  const file = JSON.parse(writeExperiment(whole)) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const holder = keys.reduce((at, key) => at[key] as Record<string, unknown>, file);
  holder[last] = value;
  return JSON.stringify(file);
}

// Else an experiment that was saved cannot be run again.
test('what is written is read as it was', () => {
  expect(readExperimentFile(writeExperiment(whole), choices)).toEqual({ ok: true, experiment: whole });
});

// Else a short file by hand is refused for what has an obvious meaning.
test('question, QoS, parameters and baseline may be left out', () => {
  const { question: _q, qos: _o, parameters: _p, baseline: _b, ...short } = whole;
  const read = checkExperiment(short, choices);
  expect(read).toEqual({ ok: true, experiment: { ...short, question: '', qos: 1, parameters: {}, baseline: {} } });
});

// Else the writer of a file hears that it is wrong, and not where and what to do.
test.each([
  ['experiment.replications', 0, 'experiment.replications has to be a whole number from 1 to 1,000; it is 0.'],
  ['experiment.replications', '3', 'experiment.replications has to be a whole number from 1 to 1,000; it is "3".'],
  ['experiment.factors.strategy', ['A', 'F'], 'experiment.factors.strategy.1 has to be A, B, C, D or E; it is "F".'],
  ['experiment.factors.strategy', [], 'experiment.factors.strategy is empty; it needs at least one of the strategies A to E.'],
  ['experiment.factors.nodes', [5, 5], 'experiment.factors.nodes names a value twice; take one of them out.'],
  ['experiment.factors.nodes', [20_000], 'experiment.factors.nodes.0 has to be a whole number from 1 to 10,000; it is 20000.'],
  ['experiment.factors.nodes', 5, 'experiment.factors.nodes has to be a list of numbers of edge nodes; it is 5.'],
  ['experiment.factors.guest', ['cobol'], 'experiment.factors.guest.0 has to be c, rust or the SHA-256 of a module (64 hexadecimal digits).'],
  ['experiment.factors.link', ['moon'], 'factors.link.0 is "moon", which is not known here; choose from site, ideal.'],
  ['experiment.factors.weather', undefined, 'experiment.factors.weather is missing.'],
  ['experiment.name', '  ', 'experiment.name is empty; give the experiment a name.'],
  ['experiment.colour', 'red', 'experiment.colour is not known here; take it out, or correct its name.'],
  ['experiment.parameters', { 'link.speed': 1 }, 'parameters.link.speed: there is no such parameter; take it out, or correct its name.'],
  ['experiment.baseline', { strategy: 'C' }, 'baseline.strategy is "C", which is not among factors.strategy; name one of them, or take it out.'],
  ['experiment.factors.periodS', [7200], 'durationS is 3600, shorter than the sampling period of 7200 s: measure at least one period.'],
  ['version', 2, 'version has to be 1; newer files need a newer version of this page; it is 2.'],
  ['format', 'zip', 'format has to be "continuum-lab-experiment"; it is "zip".'],
] as const)('%s = %j', (path, value, sentence) => {
  expect(problems(readExperimentFile(changed(path, value), choices))).toContain(sentence);
});

test.each([
  ['no JSON at all', 'name: Strategies', /^The file is no JSON: .*Correct it there/],
  ['another file', '[]', /format is missing/],
])('%s is refused in words', (_, text, sentence) => {
  expect(problems(readExperimentFile(text, choices)).join(' ')).toMatch(sentence);
});

// Else a mistyped number keeps a laptop busy for a year, or ends the tab for lack of memory.
test.each([
  [{ factors: { ...whole.factors, nodes: [10_000], periodS: [1] }, durationS: 86_400 }, /A run takes 870,000,000 readings/],
  [{ factors: { ...whole.factors, nodes: [10_000] }, durationS: 86_400, replications: 1000 }, /The runs take [\d,]+ readings in all/],
  [{ factors: { ...whole.factors, nodes: Array.from({ length: 600 }, (_, i) => i + 1) } }, /The factors make 2,400 cells/],
  [{ factors: { ...whole.factors, nodes: Array.from({ length: 300 }, (_, i) => i + 1) }, replications: 100 }, /The experiment has 120,000 runs/],
])('what is too much is said to be, and how much it is', (change, sentence) => {
  expect(problems(checkExperiment({ ...whole, ...change }, choices)).join(' ')).toMatch(sentence);
});

// Else people hear of their mistakes one at a time.
test('all problems are named at once', () => {
  const file = changed('experiment.factors', { ...whole.factors, strategy: ['X'], nodes: [0] });
  expect(problems(readExperimentFile(file, choices))).toHaveLength(2);
});
