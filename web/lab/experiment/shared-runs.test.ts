import { expect, test } from 'vitest';
import { smallExperiment } from '../../../tests/methods/small-run.ts';
import { runsOf } from './matrix.ts';
import { tasksOf } from './shared-runs.ts';

const matrix = runsOf({
  ...smallExperiment,
  factors: { ...smallExperiment.factors, strategy: ['A', 'B', 'C', 'D', 'E'], guest: ['c', 'rust'] },
  replications: 2,
});
const named = (workers: number, runs = matrix): string[] =>
  tasksOf(runs, workers).map((task) => task.map((same) => same.map(({ cell: { strategy, guest }, replication }) => `${strategy}/${guest}/${replication}`).join('=')).join(' '));

test('runs with the same edge nodes are one task, and native ones are the same in every language', () => {
  const of = (replication: number): string[] => [
    ...['c', 'rust'].map((guest) => ['A', 'B', 'C', 'D'].map((strategy) => `${strategy}/${guest}/${replication}`).join(' ')),
    `E/c/${replication}=E/rust/${replication}`,
  ];
  expect(named(2)).toEqual([...of(0), ...of(1)]);
});

test('no worker is left without work for the sake of sharing', () => {
  const one = matrix.filter(({ cell, replication }) => cell.guest === 'c' && replication === 0);
  expect(named(2, one)).toEqual(['A/c/0 B/c/0 C/c/0 D/c/0', 'E/c/0']);
  expect(named(3, one)).toEqual(['A/c/0', 'B/c/0', 'C/c/0', 'D/c/0', 'E/c/0']);
});

test('what reaches the edge nodes keeps runs apart', () => {
  const apart = runsOf({ ...smallExperiment, factors: { strategy: ['A'], guest: ['c'], nodes: [2, 3], link: ['site', 'ideal'], periodS: [10, 60], weather: ['mixed', 'dryJuly'] } });
  expect(tasksOf(apart, 1)).toHaveLength(16);
});
