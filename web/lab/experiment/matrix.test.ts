import { expect, test } from 'vitest';
import type { Experiment } from './experiment.ts';
import { cellCount, cellsOf, extentOf, readingsOf, runsOf, seedsOf } from './matrix.ts';

const experiment: Experiment = {
  name: 'Matrix',
  question: '',
  factors: { strategy: ['A', 'E'], guest: ['c', 'rust'], nodes: [3, 10], link: ['site'], periodS: [60], weather: ['mixed'] },
  replications: 3,
  seed: 42,
  warmUpS: 30,
  durationS: 600,
  qos: 1,
  parameters: {},
  baseline: {},
};

// Else the tables of a report name other cells than the runs were of.
test('every combination is a cell, once, the last factor varying fastest', () => {
  const cells = cellsOf(experiment);
  expect(cells.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(cells.map(({ strategy, guest, nodes }) => `${strategy} ${guest} ${nodes}`)).toEqual(
    ['A c 3', 'A c 10', 'A rust 3', 'A rust 10', 'E c 3', 'E c 10', 'E rust 3', 'E rust 10'],
  );
  expect(cellCount(experiment)).toBe(cells.length);
  expect(cells[5]).toEqual({ index: 5, strategy: 'E', guest: 'c', nodes: 10, link: 'site', periodS: 60, weather: 'mixed' });
});

// Else cells are compared under other weather and noise, and a longer experiment repeats nothing of the shorter one.
test('a replication has the same seed in every cell, and more replications leave the first as they were', () => {
  const seeds = seedsOf(experiment);
  expect(seeds[0]).toBe(42);
  expect(new Set(seeds).size).toBe(3);
  expect(seedsOf({ ...experiment, replications: 1000 }).slice(0, 3)).toEqual(seeds);
  expect(new Set(seedsOf({ ...experiment, replications: 1000 })).size).toBe(1000);
  expect(seedsOf({ ...experiment, seed: 43 }).slice(1)).not.toEqual(seeds.slice(1));
  for (const { replication, seed } of runsOf(experiment)) expect(seed).toBe(seeds[replication]);
});

// Else what an interrupted experiment leaves behind compares cells by unlike numbers of runs.
test('runs go replication by replication over all cells', () => {
  const runs = runsOf(experiment);
  expect(runs).toHaveLength(24);
  expect(runs.slice(0, 8).map(({ cell }) => cell.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(runs.map(({ replication }) => replication)).toEqual([0, 1, 2].flatMap((replication) => Array<number>(8).fill(replication)));
});

// Else the time that is said to be left, and the limits, are off.
test('readings are counted with the warm-up', () => {
  expect(readingsOf(experiment, { nodes: 10, periodS: 60 })).toBe(110);
  expect(extentOf(experiment)).toEqual({ cells: 8, runs: 24, readings: 3 * 4 * (33 + 110) });
});
