import { describe, expect, test } from 'vitest';
import { topicBreach } from './bare-host.ts';
import type { HostileGuest } from './hostile-guest.ts';
import type { NeighbourReport } from './isolation-port.ts';
import { judge, type Observation } from './observation.ts';
import { isContained, worstOf } from './outcome.ts';

const guest: HostileGuest = { id: 'x', group: 'memory', title: '', tries: '', contained: '', mustStop: true, variants: [], forms: ['env'] };
const quiet: Observation = { end: { kind: 'goes-on' }, passed: false, refusals: [], breaches: [], answers: [], noticedMs: 1, neighbours: null };
const unharmed: NeighbourReport = { who: 'others', bytesChanged: 0, bytesCompared: 10, resultsChanged: 0, resultsCompared: 5, longestExtraWaitMs: 0, clock: 'wall', lost: false };
const noticers = { outOfBounds: 'transform', budget: 'watchdog' } as const;
const outcome = (seen: Partial<Observation>, of = guest) => judge(of, { ...quiet, ...seen }, noticers);

describe('what is not contained is called so, whatever else was seen', () => {
  test.each<[string, Partial<Observation>]>([
    ['a changed byte of a neighbour', { neighbours: { ...unharmed, bytesChanged: 1 } }],
    ['a changed result of a neighbour', { neighbours: { ...unharmed, resultsChanged: 1 } }],
    ['a neighbour that is gone', { neighbours: { ...unharmed, lost: true } }],
    ['something that it must not have', { breaches: ['It drove pin 5.'] }],
    ['a host that broke', { end: { kind: 'host-failed', said: 'it crashed' } }],
    ['an act without consequence', { passed: true }],
  ])('%s', (_what, seen) => {
    expect(isContained(outcome(seen))).toBe(false);
    // Nor does it help that something else has stopped it afterwards.
    const trapped = { ...seen, end: seen.end ?? ({ kind: 'fault', fault: { kind: 'trap', reason: 'unreachable' } } as const) };
    expect(isContained(outcome(trapped))).toBe(false);
  });
});

describe('who noticed', () => {
  test('a trap outside its memory is noticed by what stands before the access; an index outside a table by the engine', () => {
    const end = { kind: 'fault', fault: { kind: 'trap', reason: 'The guest accessed an address outside its own memory.' } } as const;
    expect(outcome({ end })).toMatchObject({ kind: 'trapped', by: 'transform' });
    expect(outcome({ end }, { ...guest, group: 'control' })).toMatchObject({ kind: 'trapped', by: 'engine' });
  });

  test('a pointer is noticed by the host function, a refusal by the check or by validation, silence by the watchdog', () => {
    expect(outcome({ end: { kind: 'fault', fault: { kind: 'pointer', reason: '' } } })).toMatchObject({ kind: 'rule', by: 'host function' });
    expect(outcome({ end: { kind: 'refused', said: 'It has no memory.' } })).toMatchObject({ kind: 'refused', by: 'check' });
    expect(outcome({ end: { kind: 'refused', said: 'The module does not validate: ...' } })).toMatchObject({ by: 'validator' });
    expect(outcome({ end: { kind: 'silent', afterMs: 2000 } })).toMatchObject({ kind: 'out-of-budget', by: 'watchdog' });
  });
});

test('a guest that only asks may go on: refused if it was, harmless if it got nothing', () => {
  const asks = { ...guest, mustStop: false };
  expect(outcome({ passed: true, refusals: ['no'] }, asks)).toMatchObject({ kind: 'call-refused', said: 'no' });
  expect(outcome({ passed: true, answers: ['-1'] }, asks)).toMatchObject({ kind: 'harmless' });
});

test('a guest in several variants is as good as its worst', () => {
  const trapped = { kind: 'trapped', by: 'engine', said: '' } as const;
  const broken = { kind: 'not-contained', by: 'nobody', said: '' } as const;
  expect(worstOf([trapped, broken, trapped])).toBe(broken);
  expect(() => worstOf([])).toThrow();
});

test.each([
  ['ic/hostile/data', null],
  ['ic/hostile/my/own', null],
  ['ic/other/data', /ic\/other/],
  ['ic/hostile/', /published/],
  ['ic/hostile/config', /config/],
  ['ic/hostile/+', /published/],
  ['ic/hostile/data\u0001', /control character/],
  ['ic/hostile/data\uffff', /control character/],
] as const)('the topic %j', (topic, said) => {
  const breach = topicBreach('hostile', topic);
  if (said === null) expect(breach).toBeNull();
  else expect(breach).toMatch(said);
});
