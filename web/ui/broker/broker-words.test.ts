import { describe, expect, it } from 'vitest';
import type { LinkState } from '../../mqtt/link/report.ts';
import {
  announcement, brokerName, cededSentence, chipWords, formatCountdown, formatSpan, nodesSentence, outageSentence,
  outboxSentences, rttWords, stateSentence,
} from './broker-words.ts';
import { lostFixture as problem, reportFixture } from './link-report-fixture.ts';

const nowMs = 1_700_000_000_000;
const waiting: LinkState = { kind: 'waiting', attempt: 3, retryAtMs: nowMs + 3200, problem };
const joined: LinkState = { kind: 'joined', sinceMs: nowMs - 65_000, mqtt: 5, resumed: false };

describe('the chip: who looks at nothing else must know whether the broker is there', () => {
  it.each([
    ['Broker: not joined', reportFixture()],
    ['Joining pi.local', reportFixture({ state: { kind: 'joining', attempt: 1 } })],
    ['Joined pi.local', reportFixture({ state: joined }, { messages: 3 })],
    ['Joined pi.local, 4,310 waiting', reportFixture({ state: joined }, { messages: 4310 })],
    ['Reconnecting in 4 s, 120 waiting', reportFixture({ state: waiting }, { messages: 120 })],
    ['Reconnecting in 4 s', reportFixture({ state: waiting })],
    ['Reconnecting now', reportFixture({ state: { ...waiting, retryAtMs: nowMs } })],
    ['Refused by pi.local', reportFixture({ state: { kind: 'refused', problem } })],
  ])('%s', (words, report) => {
    expect(chipWords(report, nowMs)).toBe(words);
  });
});

describe('what is said aloud', () => {
  it('does not change while only figures and attempts do: a screen reader would never be quiet', () => {
    const during = [
      reportFixture({ state: waiting }, { messages: 1 }),
      reportFixture({ state: { kind: 'joining', attempt: 4 } }, { messages: 70 }),
      reportFixture({ state: { ...waiting, attempt: 4, retryAtMs: nowMs + 9000 } }, { messages: 500 }),
    ].map(announcement);
    expect(new Set(during)).toEqual(new Set(['No connection to pi.local. It is tried again.']));
  });

  it('tells each change of state', () => {
    expect(announcement(reportFixture({ state: { kind: 'joining', attempt: 1 } }))).toBe('Joining pi.local.');
    expect(announcement(reportFixture({ state: joined }))).toBe('Joined pi.local.');
    expect(announcement(reportFixture({ state: { kind: 'refused', problem } }))).toContain('The connection was lost.');
  });
});

describe('an outage', () => {
  it('says how long, what waits, that nothing stands still, and when the next try is', () => {
    const report = reportFixture({ state: waiting }, { messages: 1204 });
    expect(outageSentence(report, nowMs - 12_400, nowMs)).toBe(
      'The broker has not answered for 12 s; 1,204 messages wait and will be sent in order; simulated nodes go on; next try in 4 s.',
    );
  });

  it('promises no sending where nothing waits, and no try in the past', () => {
    const report = reportFixture({ state: { ...waiting, retryAtMs: nowMs - 1 } });
    expect(outageSentence(report, nowMs - 61_000, nowMs)).toBe(
      'The broker has not answered for 1 min 01 s; simulated nodes go on; trying now.',
    );
  });
});

describe('the outbox', () => {
  it('says how many, how large, how old, and that they outlive the tab', () => {
    const { outbox } = reportFixture({}, { messages: 1, bytes: 2048, oldestMs: nowMs - 5000 });
    expect(outboxSentences(outbox, nowMs)).toEqual([
      '1 message (2 KiB) waits, the oldest for 5 s.',
      'What waits is kept in this browser and outlives the tab.',
    ]);
  });

  it('does not promise what the browser cannot keep: the user would close the tab', () => {
    const { outbox } = reportFixture({}, { stored: false, storeProblem: 'Its storage is switched off.', dropped: 2 });
    expect(outboxSentences(outbox, nowMs)).toEqual([
      'Nothing waits: the broker has acknowledged all.',
      'What waits is lost when this tab is closed: this browser does not store it. Its storage is switched off.',
      '2 messages were given up because the outbox was full.',
    ]);
  });
});

it('names a broker by its host where the user gave no name', () => {
  expect(brokerName({ name: ' ', url: 'ws://pi.local:9001' })).toBe('pi.local');
  expect(brokerName({ name: '', url: 'nonsense' })).toBe('the broker');
  expect(brokerName(null)).toBe('the broker');
});

it('counts down without saying 0 s too early, and up without tenths', () => {
  expect([formatCountdown(3001), formatCountdown(3000), formatCountdown(1), formatCountdown(-5)]).toEqual(['4 s', '3 s', '1 s', '0 s']);
  expect([formatSpan(12_999), formatSpan(-1), formatSpan(3_600_000)]).toEqual(['12 s', '0 s', '1 h 00 min']);
  expect(stateSentence(reportFixture({ state: joined }), nowMs)).toBe('Joined pi.local for 1 min 05 s.');
});

it('says who runs a node in place of this page, with no trick in the name', () => {
  expect(cededSentence({ node: 'esp32-1', owner: 'continuum-ab12' })).toBe(
    'esp32-1 is run by another page (continuum-ab12): shown here, not run.',
  );
  expect(cededSentence({ node: 'esp32-1', owner: null })).toBe('esp32-1 is run by a board: shown here, not run.');
  expect(cededSentence({ node: 'x', owner: '\u202Eb' })).toContain('<202E>b');
});

it('counts the nodes on the broker, those too many to show included', () => {
  const bridge = {
    up: true, root: 'ic', clientId: '', owned: 1, remote: 3, ceded: [], received: 0, published: 0,
    rejected: { total: 0, byReason: [], recent: [] }, turnedAway: 4,
  };
  expect(nodesSentence(bridge)).toBe(
    'This page runs 1 node on the broker; it shows 3 of others; 4 more were found than a page shows.',
  );
  expect(rttWords({ medianMs: 1.04, p95Ms: 3, samples: 9 })).toBe('median 1.0 ms, p95 3.0 ms');
});
