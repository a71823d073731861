import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTopicFilter, checkTopicName, matchesFilter } from './topic-syntax.ts';

/** The statements of MQTT 5, section 4.7, one row each. */
const specified: [section: string, filter: string, topic: string, matches: boolean][] = [
  ['4.7.1.2', 'sport/tennis/player1/#', 'sport/tennis/player1', true],
  ['4.7.1.2', 'sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
  ['4.7.1.2', 'sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
  ['4.7.1.2', 'sport/#', 'sport', true],
  ['4.7.1.2', '#', 'sport/tennis', true],
  ['4.7.1.3', 'sport/tennis/+', 'sport/tennis/player1', true],
  ['4.7.1.3', 'sport/tennis/+', 'sport/tennis/player2', true],
  ['4.7.1.3', 'sport/tennis/+', 'sport/tennis/player1/ranking', false],
  ['4.7.1.3', 'sport/+', 'sport', false],
  ['4.7.1.3', 'sport/+', 'sport/', true],
  ['4.7.1.3', '+/tennis/#', 'sport/tennis', true],
  ['4.7.1.3', '/finance', '/finance', true],
  ['4.7.1.3', '+/+', '/finance', true],
  ['4.7.1.3', '/+', '/finance', true],
  ['4.7.1.3', '+', '/finance', false],
  ['4.7.2', '#', '$SYS/broker/uptime', false],
  ['4.7.2', '+/monitor/Clients', '$SYS/monitor/Clients', false],
  ['4.7.2', '$SYS/#', '$SYS/monitor/Clients', true],
  ['4.7.2', '$SYS/monitor/+', '$SYS/monitor/Clients', true],
  ['4.7.3', 'Accounts', 'ACCOUNTS', false],
  ['4.7.3', '/finance', 'finance', false],
  ['4.7.3', 'Accounts payable', 'Accounts payable', true],
];

describe('matchesFilter', () => {
  it.each(specified)('section %s: "%s" over "%s" is %s', (_, filter, topic, matches) => {
    expect(matchesFilter(filter, topic)).toBe(matches);
  });

  it('lets every topic be subscribed to by its own name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(checkTopicName(text) === null);
        expect(checkTopicFilter(text)).toBeNull();
        expect(matchesFilter(text, text)).toBe(true);
      }),
    );
  });
});

describe('checkTopicFilter', () => {
  const allowed = ['#', '+', 'sport/tennis/#', '+/tennis/#', 'sport/+/player1', '/', 'a//b', 'ç/😀'];
  it.each(allowed)('allows "%s"', (filter) => {
    expect(checkTopicFilter(filter)).toBeNull();
  });

  it.each([
    ['', 'at least one character'],
    ['sport/tennis#', 'must stand alone in the last level'],
    ['sport/tennis/#/ranking', 'must stand alone in the last level'],
    ['sport+', 'must fill its level'],
    ['a\0b', 'control characters'],
    ['a\ud800', 'surrogates'],
    ['a\u0001', 'control characters'],
    ['a\u0085', 'control characters'],
    ['a\ufdd0', 'noncharacters'],
    ['a\u{1ffff}', 'noncharacters'],
    ['é'.repeat(40_000), 'may have 65535 bytes; this one has 80000'],
  ])('refuses "%.20s" in words', (filter, words) => {
    expect(checkTopicFilter(filter)).toContain(words);
  });
});

describe('checkTopicName', () => {
  it('refuses wildcards, or a message would go to nowhere', () => {
    expect(checkTopicName('ic/+/data')).toContain('contains a wildcard');
    expect(checkTopicName('ic/#')).toContain('contains a wildcard');
    expect(checkTopicName('ic/n1/data')).toBeNull();
    expect(checkTopicName('x'.repeat(65_535))).toBeNull();
    expect(checkTopicName('x'.repeat(65_536))).toContain('65536');
  });
});
