import { describe, expect, it } from 'vitest';
import { board, elsewhere, newBoard, plainBoard } from './mixed-fixture.ts';
import { agoWords, clockWords, connectionWords, evidenceWords, ownerWords, signalWords, unaskableReason } from './mixed-words.ts';

describe('connection', () => {
  it('tells silence from presence: a board without power stays "online" until the broker gives it up', () => {
    expect(connectionWords(board).word).toBe('Online');
    expect(connectionWords({ ...board, silentS: 11 }).word).toBe('Online, silent');
    expect(connectionWords({ ...board, online: false }).word).toBe('Offline');
  });

  it('claims no presence that nobody announced, and no silence before an interval is known', () => {
    expect(connectionWords(plainBoard).word).toBe('Presence unknown, silent');
    expect(connectionWords({ ...newBoard, silentS: 500 }).word).toBe('Presence unknown');
  });

  it('gives every state a shape of its own: colour alone says nothing to many', () => {
    const states = [board, { ...board, silentS: 11 }, { ...board, online: false }, newBoard].map(connectionWords);
    expect(new Set(states.map(({ shape }) => shape)).size).toBe(states.length);
  });

  it('counts whole seconds, so that the line does not flicker', () => {
    expect([0.3, 1.94, 59.9, 124, NaN].map(agoWords)).toEqual([
      'just now', '1 s ago', '59 s ago', '2 min 04 s ago', 'not measured yet',
    ]);
  });
});

it('names the page that runs a node: else nobody knows where to stop it', () => {
  expect(ownerWords(board)).toBe('the board itself');
  expect(ownerWords(elsewhere)).toBe('another page, continuum-lab-3fa27c51');
  expect(ownerWords({ ...elsewhere, owner: null })).toBe('a virtual board');
});

it('says what a signal is good for: few know what -78 dBm means', () => {
  expect([-52, -67, -69.6, -78, -91].map(signalWords)).toEqual([
    '−52 dBm, good', '−67 dBm, good', '−70 dBm, fair', '−78 dBm, weak', '−91 dBm, barely there',
  ]);
});

describe('clock', () => {
  const words = (offsetMs: number, errorMs = 3.1, samples = 8) => clockWords({ offsetMs, errorMs, samples });

  it('shows the error with the offset: latencies rest on it', () => {
    expect(words(12.4)).toBe("12.4 ± 3.1 ms ahead of this machine's, from 8 pings.");
    expect(words(-12.4, 3.1, 1)).toBe("12.4 ± 3.1 ms behind this machine's, from 1 ping.");
    expect(clockWords(null)).toBe('Not measured yet.');
  });

  it('claims no difference that the error covers', () => {
    expect(words(-2.9)).toBe("Agrees with this machine's to ± 3.1 ms, from 8 pings.");
  });

  it('tells a clock that was never set: its offset in milliseconds would be a row of digits', () => {
    expect(words(83_000)).toBe("1 min 23 s ahead of this machine's (± 3.1 ms), from 8 pings.");
    expect(words(-1.7e12)).toBe("Probably never set: 19,675 d 22 h behind this machine's (± 3.1 ms), from 8 pings.");
  });
});

it('says why a node cannot be asked: a press without any effect looks like a fault of the page', () => {
  expect(unaskableReason(board)).toBeNull();
  expect(unaskableReason({ ...board, online: false })).toMatch(/offline/);
  expect(unaskableReason(plainBoard)).toMatch(/^This board sends readings and answers nothing/);
});

it('never takes a calibration for in force that the readings contradict', () => {
  expect(evidenceWords('agrees', false).text).toMatch(/in force/);
  expect(evidenceWords('none', true).text).toMatch(/^Sent\. Waiting/);
  for (const pending of [true, false]) {
    const { text, tone } = evidenceWords('disagrees', pending);
    expect(text).toMatch(/contradict .* still computes with other values/);
    expect(tone).toBe('bad');
  }
});
