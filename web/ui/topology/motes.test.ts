import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hopKinds } from '../../sim/snapshot.ts';
import type { HopColumns } from '../../sim/snapshot.ts';
import { Motes, travelMs } from './motes.ts';

const lost = hopKinds.indexOf('lost');

function hops(kinds: readonly number[]): HopColumns {
  return {
    from: Int32Array.from(kinds, (_, i) => i),
    to: new Int32Array(kinds.length).fill(-1),
    kind: Uint8Array.from(kinds),
    omitted: 0,
  };
}

test('a quiet frame shows every message once, with its ends and kind', () => {
  const motes = new Motes(40);
  motes.add(hops([0, 1, 5]), 1000);
  expect(motes.count).toBe(3);
  expect([...motes.from.subarray(0, 3)]).toEqual([0, 1, 2]);
  expect([...motes.kind.subarray(0, 3)]).toEqual([0, 1, 5]);
});

// Else the page slows down or crashes just when the simulation runs fastest.
test('never more than the capacity, and none outlives its travel', () => {
  const frames = fc.array(
    fc.record({
      gapMs: fc.integer({ min: 1, max: 400 }),
      kinds: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 90 }),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(frames, (sequence) => {
      const motes = new Motes(50);
      let nowMs = 0;
      for (const { gapMs, kinds } of sequence) {
        nowMs += gapMs;
        motes.sweep(nowMs);
        motes.add(hops(kinds), nowMs);
        expect(motes.count).toBeLessThanOrEqual(50);
        for (let i = 0; i < motes.count; i++) expect(nowMs - motes.startMs[i]!).toBeLessThan(travelMs);
      }
      motes.sweep(nowMs + travelMs * 2);
      expect(motes.count).toBe(0);
    }),
  );
});

// Else a loaded network looks lossless, or pulses in bursts that the simulation does not have.
test('under overload it flows evenly and still shows losses', () => {
  const motes = new Motes(60);
  const flood = Array.from({ length: 500 }, (_, i) => (i === 250 ? lost : 0));
  const admitted: number[] = [];
  let losses = 0;
  for (let frame = 0; frame < 120; frame++) {
    const nowMs = frame * 20;
    motes.sweep(nowMs);
    const before = motes.count;
    motes.add(hops(flood), nowMs);
    admitted.push(motes.count - before);
    losses += [...motes.kind.subarray(before, motes.count)].filter((kind) => kind === lost).length;
  }
  const steady = admitted.slice(60);
  expect(Math.max(...steady)).toBeLessThanOrEqual(4);
  expect(steady.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(60);
  expect(losses).toBeGreaterThan(30);
});

test('sweeping keeps those still under way intact', () => {
  const motes = new Motes(40);
  motes.add(hops([0, 1]), 0);
  motes.add(hops([2]), 500);
  motes.sweep(700);
  expect(motes.count).toBe(1);
  expect(motes.kind[0]).toBe(2);
});
