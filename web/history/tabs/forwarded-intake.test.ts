import { expect, test } from 'vitest';
import type { ToHistory } from '../history-port.ts';
import { ForwardedIntake } from './forwarded-intake.ts';

const declare = (node: string): ToHistory => ({ kind: 'declare', series: [{ node, quantity: 'raw' }] });
const samples = (timeMs: number, count = 1): ToHistory => ({
  kind: 'samples',
  series: new Uint32Array(count),
  timeMs: new Float64Array(count).fill(timeMs),
  value: new Float32Array(count),
});

// Else closing one tab loses what another had sent it a moment before.
test('a new keeper gets all declarations, and what the old one had not written', () => {
  const intake = new ForwardedIntake();
  expect(intake.take(declare('edge-1'))).toMatchObject({ batch: 1, anew: true });
  const first = intake.take(samples(1));
  intake.take(declare('edge-2'));
  const second = intake.take(samples(2));
  expect(first.anew).toBe(false);
  intake.written(first.batch);
  const [again, ...rest] = intake.anew();
  expect(again).toEqual({ batch: 0, anew: true, message: { kind: 'declare', series: [{ node: 'edge-1', quantity: 'raw' }, { node: 'edge-2', quantity: 'raw' }] } });
  expect(rest).toEqual([second]);
});

test('while nobody answers, the newest samples are kept within bounds', () => {
  const intake = new ForwardedIntake();
  for (let batch = 0; batch < 30; batch += 1) intake.take(samples(batch, 100_000));
  const kept = intake.anew().slice(1);
  expect(kept).toHaveLength(20);
  expect(kept[0]).toMatchObject({ batch: 11 });
});
