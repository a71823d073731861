import { describe, expect, it } from 'vitest';
import type { RolloutSnapshot } from '../../sim/bridge-snapshot.ts';
import { endedByWave, outcomeSentence, planSentence, remoteSentence, type PlanWords } from './rollout-words.ts';
import type { UpdateTarget } from './updates-port.ts';

const target = (index: number, kind: UpdateTarget['kind'] = 'simulated', remote = kind === 'real'): UpdateTarget => ({
  index, id: `esp32-${index + 1}`, kind, remote,
});
const plan: PlanWords = {
  name: 'irrigation (C)', sizeBytes: 3072, keyName: 'Lab', targets: Array.from({ length: 100 }, (_, i) => target(i)),
  waves: [1, 9, 90], maxFailures: 0, atOnce: 50, timeoutS: 60,
};

describe('what a rollout will do', () => {
  it('is said in full before it starts, or a fleet would be changed by a mistake', () => {
    expect(planSentence(plan)).toBe(
      'irrigation (C) (3 KiB), signed with "Lab", goes to 100 nodes (all simulated), in 3 waves of 1, 9 and 90, at most 50 at once. ' +
        'It stops at the first failure; a node that reports no outcome within 60 s has failed.',
    );
    const mixed = planSentence({ ...plan, targets: [target(0), target(1, 'real')], waves: [2], maxFailures: 3 });
    expect(mixed).toContain('2 nodes (1 simulated, 1 real), all in one wave. It stops after more than 3 failures;');
    expect(planSentence({ ...plan, targets: [target(4)], waves: [1] })).toContain('goes to esp32-5. If it reports no outcome within 60 s');
  });

  it('warns of nodes whose own keys decide', () => {
    expect(remoteSentence([target(0)], 'Lab')).toBeNull();
    expect(remoteSentence([target(0), target(1, 'real')], 'Lab')).toMatch(/^1 board will refuse it unless it trusts the public key of "Lab"/);
    expect(remoteSentence([target(1, 'real'), target(2, 'simulated', true)], 'Lab')).toMatch(/^1 board and 1 node of other pages will refuse/);
  });
});

describe('how a rollout stands', () => {
  const rollout: RolloutSnapshot = {
    name: 'irrigation', sha256: 'ab'.repeat(32), state: 'running', reason: null, waves: [1, 9, 90], wave: 1,
    waiting: 90, underWay: 4, accepted: 5, failed: [{ node: 'esp32-3', reason: 'It trapped.' }],
  };

  it.each<[Partial<RolloutSnapshot>, string]>([
    [{}, '5 of 100 nodes run irrigation, 1 failed; 4 under way, 90 waiting.'],
    [{ state: 'paused' }, '5 of 100 nodes run irrigation, 1 failed. Nothing more is sent until you resume it. 4 nodes under way will finish.'],
    [{ state: 'cancelled', underWay: 0 }, 'You cancelled it. 5 of 96 nodes run irrigation, 1 failed. 90 nodes did not get it.'],
    [{ state: 'stopped', reason: 'Stopped because esp32-3 failed.', underWay: 1, waiting: 0 }, 'Stopped because esp32-3 failed. 5 of 7 nodes run irrigation. 1 node under way will finish.'],
    [{ state: 'done', underWay: 0, waiting: 0, failed: [] }, '5 of 5 nodes run irrigation.'],
  ])('is said in a sentence (%#)', (change, sentence) => {
    expect(outcomeSentence({ ...rollout, ...change })).toBe(sentence);
  });

  it('is told for each wave', () => {
    expect(endedByWave(rollout)).toEqual([1, 5, 0]);
    expect(endedByWave({ ...rollout, accepted: 0, failed: [] })).toEqual([0, 0, 0]);
  });
});
