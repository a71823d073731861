import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { readExperimentFile } from '../../web/lab/experiment/experiment-file.ts';
import type { Experiment, RunFailure, RunResult } from '../../web/lab/experiment/experiment.ts';
import { runsOf } from '../../web/lab/experiment/matrix.ts';
import { choices } from '../../web/lab/experiment/open-file.ts';
import { listParameters } from '../../web/lab/experiment/parameter-list.ts';
import { reproductionSchema } from '../../web/lab/experiment/reproduction-file.ts';
import { matchOutcomes } from '../../web/lab/experiment/rerun-match.ts';
import { outcomesOf, tableSha256 } from '../../web/lab/experiment/result-table.ts';
import { RunPool } from '../../web/lab/experiment/run-pool.ts';
import { openNodeRunWorker } from './node-run-worker.ts';

const example = (name: string): Promise<string> => readFile(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
const filed = async () => v.parse(reproductionSchema, JSON.parse(await example('strategies.continuum.json')));

// Else the results in the repository are those of another experiment than the file beside them.
test('the example and its results are of one experiment, under the parameters of today', async () => {
  const file = await filed();
  const read = readExperimentFile(await example('strategies.json'), choices);
  expect(read).toEqual({ ok: true, experiment: file.experiment });
  expect(tableSha256(file)).toBe(file.resultsSha256);
  expect(file.runs).toHaveLength(runsOf(file.experiment as Experiment).length);
  const today = listParameters({}, (file.experiment as Experiment).parameters);
  expect(file.parameters).toEqual(today.map(({ id, value }) => ({ id, value })));
});

// Else whoever clones the repository and runs the example finds other numbers than were published. Its guests' loops
// were suspended by the browser there, and are blocked threads here: the results must not tell.
test('runs of the example come out here to the last bit as they did in the browser', { timeout: 300_000 }, async () => {
  const file = await filed();
  const results: RunResult[] = [];
  const failures: RunFailure[] = [];
  const experiment = file.experiment as Experiment;
  const pool = new RunPool({
    experiment,
    modules: [],
    // Some of each: `npm run experiment -- --check` reruns the others, in the browser.
    runs: runsOf({ ...experiment, replications: 1 }).filter(({ cell }) => cell.index % 3 === 0),
    workers: 1,
    openWorker: openNodeRunWorker,
    onResult: (_, result) => results.push(result),
    onFailure: (_, failure) => failures.push(failure),
  });
  await pool.work();
  const match = matchOutcomes(outcomesOf(file), { results, failures });
  expect(match).toEqual({ total: file.runs.length, compared: 4, same: 4, first: null });
});
