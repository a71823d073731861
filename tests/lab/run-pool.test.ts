import { expect, test } from 'vitest';
import type { Experiment, RunFailure, RunResult } from '../../web/lab/experiment/experiment.ts';
import { runsOf } from '../../web/lab/experiment/matrix.ts';
import { RunPool } from '../../web/lab/experiment/run-pool.ts';
import { WorkerLost, type OpenRunWorker } from '../../web/lab/experiment/run-worker.ts';
import { openNodeRunWorker } from './node-run-worker.ts';

const small: Experiment = {
  name: 'Small',
  question: '',
  factors: { strategy: ['A', 'E'], guest: ['c'], nodes: [2], link: ['site'], periodS: [60], weather: ['mixed'] },
  replications: 2,
  seed: 5,
  warmUpS: 60,
  durationS: 600,
  qos: 1,
  parameters: {},
  baseline: {},
};

async function results(experiment: Experiment, workers: number, openWorker: OpenRunWorker = openNodeRunWorker, more: (pool: RunPool, result: RunResult) => void = () => {}) {
  const found: RunResult[] = [];
  const failures: RunFailure[] = [];
  const pool: RunPool = new RunPool({
    experiment,
    modules: [],
    runs: runsOf(experiment),
    workers,
    openWorker,
    onResult: (_, result) => {
      found.push(result);
      more(pool, result);
    },
    onFailure: (_, failure) => failures.push(failure),
  });
  await pool.work();
  const sorted = [...found].sort((a, b) => a.cell - b.cell || a.replication - b.replication);
  return { found, sorted, failures };
}

// Else a machine with more cores finds other numbers.
test('side by side or one after the other, the results are the same', async () => {
  const [one, two] = [await results(small, 1), await results(small, 2)];
  expect(one.sorted).toHaveLength(4);
  expect(two.sorted).toEqual(one.sorted);
  expect(one.found.map(({ cell, replication }) => [replication, cell])).toEqual([[0, 0], [0, 1], [1, 0], [1, 1]]);
});

// Else one bad cell costs all the others.
test('a run that fails is named with its cell and a reason, and the rest goes on', async () => {
  const { found, failures } = await results({ ...small, factors: { ...small.factors, strategy: ['A', 'B'], guest: ['c', 'no-such-guest'] } }, 1);
  expect(found).toHaveLength(4);
  expect(failures.map(({ cell, replication }) => [cell, replication])).toEqual([[1, 0], [3, 0], [1, 1], [3, 1]]);
  expect(failures[0]!.reason).toMatch(/no-such-guest is not loaded/);
});

// Else a tenth of a matrix is computed twice.
test('where no tier runs a guest, its language makes no difference, and the world is run once for all', async () => {
  let runs = 0;
  const counting: OpenRunWorker = async () => {
    const worker = await openNodeRunWorker();
    return { ...worker, run: (...work) => ((runs += 1), worker.run(...work)) };
  };
  const { sorted } = await results({ ...small, factors: { ...small.factors, strategy: ['E'], guest: ['c', 'rust'] } }, 2, counting);
  expect(runs).toBe(2);
  expect(sorted.map(({ cell, replication }) => [cell, replication])).toEqual([[0, 0], [0, 1], [1, 0], [1, 1]]);
  expect(sorted[0]!.measures).toEqual(sorted[2]!.measures);
});

// Else a browser that runs short of memory once ends the experiment, and one that always does never ends it.
test('a run that costs a worker its life is tried once more, by a new one, and then given up', async () => {
  let lives = 0;
  const { sorted, failures } = await results(small, 1, async () => {
    lives += 1;
    const worker = await openNodeRunWorker();
    const doomed = (cell: number): boolean => cell === 1 || lives === 1;
    return { ...worker, run: (experiment, runs, progress) => (runs.some(({ cell }) => doomed(cell.index)) ? Promise.reject(new WorkerLost('It ended.')) : worker.run(experiment, runs, progress)) };
  });
  expect(sorted.map(({ cell }) => cell)).toEqual([0, 0]);
  expect(failures).toEqual([0, 1].map((replication) => ({ cell: 1, replication, reason: 'It ended.' })));
});

// Else four runs are lost with the one that is too large for a worker.
test('of runs that are done together and cost a worker its life, each is then done alone', async () => {
  const together: number[] = [];
  const { sorted, failures } = await results({ ...small, factors: { ...small.factors, strategy: ['A', 'B', 'C'] }, replications: 1 }, 1, async () => {
    const worker = await openNodeRunWorker();
    return {
      ...worker,
      run: (experiment, runs, progress) => {
        together.push(runs.length);
        return runs.some(({ cell }) => cell.strategy === 'B') ? Promise.reject(new WorkerLost('It ended.')) : worker.run(experiment, runs, progress);
      },
    };
  });
  expect(together).toEqual([3, 1, 1, 1, 1]);
  expect(sorted.map(({ cell }) => cell)).toEqual([0, 2]);
  expect(failures).toEqual([{ cell: 1, replication: 0, reason: 'It ended.' }]);
});

// Else the page waits for ever for results that cannot come.
test('when no worker can be opened, that is what it says', async () => {
  await expect(results(small, 2, () => Promise.reject(new Error('No guest loop can run here.')))).rejects.toThrow('No guest loop can run here.');
});

// Else a phone that has memory for one worker, and not for two, runs nothing.
test('where one worker does not open, the other does all, and it is said', async () => {
  let asked = 0;
  const said: (string | null)[] = [];
  const onlyFirst: OpenRunWorker = () => ((asked += 1) === 1 ? openNodeRunWorker() : Promise.reject(new Error('Out of memory.')));
  const { found } = await results(small, 2, onlyFirst, (pool) => said.push(pool.problem));
  expect(found).toHaveLength(4);
  expect(said).toEqual(new Array(4).fill('It goes on with fewer workers than it was to have. Out of memory.'));
});

// Else cancelling throws away what was done, or does not end.
test('cancelled in the middle it ends, and what was done stays', async () => {
  const { found, failures } = await results({ ...small, replications: 50 }, 2, openNodeRunWorker, (pool) => pool.cancel());
  expect(found).toHaveLength(1);
  expect(failures).toEqual([]);
});
