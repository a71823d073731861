import { expect, test } from 'vitest';
import type { RunResult } from './experiment.ts';
import { divergenceText, matchOutcomes } from './rerun-match.ts';
import { outcomesOf, tableOf, tableSha256 } from './result-table.ts';

const run = (cell: number, replication: number, measures: Record<string, number>, digest = 'd1'): RunResult => ({ cell, replication, seed: 10 + replication, measures, digest });
const stored = {
  results: [run(0, 0, { latency: 1.5, cpu: NaN }), run(0, 1, { latency: 2.5, cpu: NaN }), run(1, 0, { latency: 3.5, cpu: 0.1 })],
  failures: [{ cell: 1, replication: 1, reason: 'It failed.' }],
};

// Else numbers that agree look as if they did not, and the other way round.
test('what is the same matches, NaN and both zeros included', () => {
  expect(matchOutcomes(stored, stored)).toEqual({ total: 4, compared: 4, same: 4, first: null });
  const zero = { results: [run(0, 0, { latency: 0 })], failures: [] };
  expect(matchOutcomes(zero, { results: [run(0, 0, { latency: -0 })], failures: [] }).same).toBe(1);
});

// Else a rerun in its middle seems to differ from its file.
test('runs that are missing here are not compared', () => {
  expect(matchOutcomes(stored, { results: [stored.results[1]!], failures: [] })).toEqual({ total: 4, compared: 1, same: 1, first: null });
});

test.each([
  ['a measure', run(0, 1, { latency: 2.5000000001, cpu: NaN }), 'Cell 0, replication 1: latency is 2.5 in the file and 2.5000000001 here.'],
  ['a number that was none', run(0, 1, { latency: 2.5, cpu: 0 }), 'Cell 0, replication 1: cpu is NaN in the file and 0 here.'],
  ['what happened, though nothing that is measured', run(0, 1, { latency: 2.5, cpu: NaN }, 'd2'), /digest d1 in the file, d2 here/],
  ['the outcome', { cell: 0, replication: 1, reason: 'Out of memory.' }, /the file says it has a result; here it failed: Out of memory/],
])('the first difference is told: %s', (_, outcome, sentence) => {
  const here = 'reason' in outcome ? { results: [stored.results[0]!], failures: [outcome] } : { results: [stored.results[0]!, outcome], failures: [] };
  const { same, first } = matchOutcomes(stored, here);
  expect(same).toBe(1);
  expect(divergenceText(first!)).toMatch(sentence);
});

// Else results change on their way through a file.
test('a table keeps results to the last bit, and its hash tells any change', () => {
  const results = [run(0, 0, { a: 0.1 + 0.2, b: 1e-300, c: NaN, d: 123456789.123 })];
  const table = tableOf({ results, failures: stored.failures });
  const back = JSON.parse(JSON.stringify(table)) as typeof table;
  expect(outcomesOf(back)).toEqual({ results, failures: stored.failures });
  expect(tableSha256(back)).toBe(tableSha256(table));
  back.runs[0]![4] = 0.3;
  expect(tableSha256(back)).not.toBe(tableSha256(table));
});
