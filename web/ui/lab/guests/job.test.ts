import { expect, test } from 'vitest';
import { Job } from './job.svelte.ts';
import type { Progress } from '../../../lab/compare/compare-port.ts';

const halfway: Progress = { share: 0.5, what: 'half of it' };

test('progress that arrives after the end does not bring the job back', async () => {
  const job = new Job<number>();
  let late: (progress: Progress) => void = () => undefined;
  await job.run(({ told }) => {
    late = told;
    told(halfway);
    expect(job.state).toEqual({ kind: 'running', progress: halfway });
    return Promise.resolve(7);
  });
  late(halfway);
  expect(job.state).toEqual({ kind: 'done', result: 7 });
});

test('a job that was cancelled, or replaced by another run, says so and takes nothing from the old one', async () => {
  const job = new Job<number>();
  const hangs = ({ signal }: { signal: AbortSignal }): Promise<number> => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  const first = job.run(hangs);
  const second = job.run(hangs);
  await first;
  expect(job.state).toEqual({ kind: 'running', progress: null });
  job.cancel();
  await second;
  expect(job.state).toEqual({ kind: 'cancelled' });
});
