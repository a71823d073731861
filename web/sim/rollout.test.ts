import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuestState, ReportedPhase } from '../protocol/guest-state.ts';
import { Kernel } from './kernel.ts';
import { Rollout, type RolloutPlan, waveSizes } from './rollout.ts';

const sha256 = 'ab'.repeat(32);
const nodes = (count: number) => Array.from({ length: count }, (_, index) => ({ index, id: `esp32-${index + 1}` }));
const says = (phase: ReportedPhase, more: Partial<GuestState> = {}): GuestState => ({
  phase, name: 'irrigation', sha256, progress: 1, reason: phase === 'accepted' ? null : 'It trapped.', ...more,
});

function rollout(plan: Partial<RolloutPlan>) {
  const kernel = new Kernel();
  const sent: number[] = [];
  const made = new Rollout(
    { targets: nodes(20), name: 'irrigation', sha256, waves: [], maxFailures: 0, atOnce: Infinity, timeoutUs: 60e6, ...plan },
    { send: (index) => void sent.push(index), after: (delayUs, action) => kernel.after(delayUs, action) },
  );
  made.start();
  return { kernel, sent, made };
}

describe('a staged rollout', () => {
  it('sends the next wave when the last one is through, so that one bad guest reaches one node first', () => {
    const { made, sent } = rollout({ waves: [{ nodes: 1 }, { share: 0.25 }] });
    expect(sent).toEqual([0]);
    made.heard(0, says('trying', { progress: 0.5, reason: null }));
    expect(sent).toEqual([0]);
    made.heard(0, says('accepted'));
    expect(sent).toEqual([0, 1, 2, 3, 4]);
    for (const index of [1, 2, 3]) made.heard(index, says('accepted'));
    expect(made.snapshot()).toMatchObject({ waves: [1, 4, 15], wave: 1, waiting: 15, underWay: 1, accepted: 4 });
    made.heard(4, says('accepted'));
    expect(sent).toHaveLength(20);
    for (let index = 5; index < 20; index += 1) made.heard(index, says('accepted'));
    expect(made.snapshot()).toMatchObject({ state: 'done', wave: 2, waiting: 0, underWay: 0, accepted: 20, failed: [] });
  });

  it('stops at one failure too many, names it, and lets those under way finish', () => {
    const { made, sent } = rollout({ waves: [{ nodes: 3 }], maxFailures: 1 });
    made.heard(0, says('refused', { reason: 'The signature does not fit.' }));
    expect(made.snapshot().state).toBe('running');
    made.heard(1, says('rolled-back'));
    expect(made.snapshot()).toMatchObject({
      state: 'stopped',
      reason: 'Stopped because esp32-2 failed and 1 failure was allowed: It trapped.',
      underWay: 1,
      waiting: 17,
      failed: [
        { node: 'esp32-1', reason: 'The signature does not fit.' },
        { node: 'esp32-2', reason: 'It trapped.' },
      ],
    });
    made.heard(2, says('accepted'));
    expect(made.snapshot()).toMatchObject({ state: 'stopped', wave: 0, underWay: 0, accepted: 1 });
    expect(sent).toHaveLength(3);
  });

  it('takes silence for a failure, once, or a dead board would hold up the fleet for ever', async () => {
    const { kernel, made } = rollout({ targets: nodes(2), maxFailures: 2 });
    made.heard(0, says('accepted'));
    await kernel.runUntil(59e6);
    expect(made.snapshot().underWay).toBe(1);
    await kernel.runUntil(61e6);
    const failed = [{ node: 'esp32-2', reason: 'It did not report an outcome within 60 s.' }];
    expect(made.snapshot()).toMatchObject({ state: 'done', accepted: 1, failed });
    made.heard(1, says('accepted'));
    expect(made.snapshot()).toMatchObject({ accepted: 1, failed });
  });

  it('pauses between nodes and goes on where it was', () => {
    const { made, sent } = rollout({ atOnce: 2 });
    made.pause();
    made.heard(0, says('accepted'));
    made.heard(1, says('accepted'));
    expect(made.snapshot()).toMatchObject({ state: 'paused', underWay: 0 });
    expect(sent).toEqual([0, 1]);
    made.resume();
    expect(sent).toEqual([0, 1, 2, 3]);
  });

  it('that was cancelled sends nothing more', () => {
    const { made, sent } = rollout({ atOnce: 1 });
    made.cancel();
    made.heard(0, says('accepted'));
    made.resume();
    expect(sent).toEqual([0]);
    expect(made.snapshot()).toMatchObject({ state: 'cancelled', reason: null, accepted: 1, waiting: 19 });
  });

  it('passes over reports of another module and of nodes it did not send to', () => {
    const { made } = rollout({ waves: [{ nodes: 1 }] });
    made.heard(0, says('refused', { sha256: 'cd'.repeat(32) }));
    made.heard(7, says('refused'));
    expect(made.snapshot()).toMatchObject({ state: 'running', failed: [], underWay: 1 });
    made.heard(0, says('refused', { sha256: '' }));
    expect(made.snapshot().state).toBe('stopped');
  });

  it('bears nodes that answer while they are being sent to', () => {
    const answering: Rollout = new Rollout(
      { targets: nodes(5000), name: 'a', sha256, waves: [{ nodes: 1 }], maxFailures: 3, atOnce: 1, timeoutUs: 1 },
      { send: (index) => answering.heard(index, says('accepted')), after: () => ({ cancelled: false }) },
    );
    answering.start();
    expect(answering.snapshot()).toMatchObject({ state: 'done', accepted: 5000 });
  });

  it.each([
    [{ targets: [] }, /at least one node/],
    [{ targets: [...nodes(2), ...nodes(1)] }, /each node once/],
    [{ atOnce: 0 }, /0 nodes under way/],
    [{ maxFailures: -1 }, /-1 failures/],
    [{ timeoutUs: 0.5 }, /whole number of microseconds/],
  ])('that cannot be carried out is refused (%#)', (plan, words) => {
    expect(() => rollout(plan)).toThrow(words);
  });
});

describe('the waves', () => {
  it.each([
    [20, [], [20]],
    [20, [{ nodes: 1 }, { share: 0.1 }], [1, 1, 18]],
    [1, [{ nodes: 1 }, { share: 0.1 }, { share: 1 }], [1]],
    [5, [{ nodes: 50 }], [5]],
    [10, [{ share: 0.5 }, { nodes: 2 }], [5, 5]],
    [3, [{ nodes: NaN }, { share: -1 }], [3]],
  ])('of %i nodes by %j hold %j', (total, goals, sizes) => {
    expect(waveSizes(total, goals)).toEqual(sizes);
  });
});

it('whatever nodes answer, each ends once, and failures stay within what was under way', async () => {
  const goals = fc.array(
    fc.oneof(fc.record({ nodes: fc.integer({ min: -2, max: 40 }) }), fc.record({ share: fc.double({ min: -0.5, max: 1.5, noNaN: true }) })),
    { maxLength: 4 },
  );
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('hear'), index: fc.nat(30), phase: fc.constantFrom<ReportedPhase>('accepted', 'accepted', 'trying', 'refused', 'rolled-back') }) },
    fc.record({ do: fc.constantFrom('pause', 'resume', 'cancel', 'wait') }),
  ) as fc.Arbitrary<{ do: string; index?: number; phase?: ReportedPhase }>;
  const plans = fc.record({ count: fc.integer({ min: 1, max: 30 }), goals, maxFailures: fc.nat(5), atOnce: fc.integer({ min: 1, max: 12 }) });
  await fc.assert(
    fc.asyncProperty(plans, fc.array(step, { maxLength: 120 }), async ({ count, goals: waves, maxFailures, atOnce }, steps) => {
      const { kernel, made, sent } = rollout({ targets: nodes(count), waves, maxFailures, atOnce, timeoutUs: 10e6 });
      const wise = () => {
        const { waiting, underWay, accepted, failed, state, waves: sizes, wave } = made.snapshot();
        expect(waiting + underWay + accepted + failed.length).toBe(count);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(count);
        expect(underWay).toBeLessThanOrEqual(Math.min(atOnce, sizes[wave]!));
        expect(new Set(sent).size).toBe(sent.length);
        expect(new Set(failed.map(({ node }) => node)).size).toBe(failed.length);
        expect(sent.length).toBeLessThanOrEqual(sizes.slice(0, wave + 1).reduce((sum, size) => sum + size, 0));
        expect(failed.length).toBeLessThanOrEqual(maxFailures + Math.min(atOnce, Math.max(...sizes)));
        if (state === 'done') expect(waiting + underWay).toBe(0);
        if (state === 'running') expect(underWay).toBeGreaterThan(0);
      };
      wise();
      for (const each of steps) {
        if (each.do === 'hear') made.heard(each.index!, says(each.phase!));
        else if (each.do === 'wait') await kernel.runUntil(kernel.nowUs + 4e6);
        else made[each.do as 'pause' | 'resume' | 'cancel']();
        wise();
      }
      made.resume();
      // Silence ends every wave at last.
      for (let i = 0; i < 200 && made.snapshot().underWay > 0; i += 1) await kernel.runUntil(kernel.nowUs + 10e6);
      wise();
      expect(made.snapshot()).toMatchObject({ underWay: 0, state: expect.stringMatching(/done|stopped|cancelled/) });
    }),
    { numRuns: 300 },
  );
});
