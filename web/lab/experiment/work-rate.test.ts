import { expect, test } from 'vitest';
import { WorkRate } from './work-rate.ts';
import { workerCount } from './worker-count.ts';

// Else a pause, or the night before the tab was opened again, counts as work, and the time left is nonsense.
test('time left follows from the work of this visit, pauses left out', () => {
  let nowMs = 5000;
  const rate = new WorkRate(100, () => nowMs);
  expect(rate.leftS(0, 10)).toBeNull();
  rate.start();
  nowMs += 1000;
  expect(rate.leftS(1, 9)).toBeNull();
  nowMs += 9000;
  expect(rate.leftS(20, 60)).toBe(30);
  rate.stop();
  nowMs += 3_600_000;
  expect(rate.elapsedS).toBe(110);
  rate.start();
  nowMs += 10_000;
  expect(rate.elapsedS).toBe(120);
  expect(rate.leftS(40, 40)).toBe(20);
});

// Else the page stutters, or a large fleet ends the tab.
test.each([
  [1, 100, 1],
  [2, 100, 2],
  [4, 100, 3],
  [64, 100, 16],
  [8, 10_000, 2],
  [8, 20_000, 1],
])('on %i cores with %i nodes, %i runs go side by side', (cores, nodes, workers) => {
  expect(workerCount(cores, nodes)).toBe(workers);
});
