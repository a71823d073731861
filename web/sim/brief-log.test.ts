import { expect, test } from 'vitest';
import { ProcessedContent } from '../protocol/content.ts';
import { Message } from '../protocol/message.ts';
import { BriefLog } from './brief-log.ts';
import type { Detail } from './event-log.ts';

type Event = [timeUs: number, node: string, kind: string, detail: Detail, index?: number];
const data = (payload: string, qos: 0 | 1 = 0) => new Message('ic/esp32-1/data', payload, qos, false, null, 0);
const processed = (ema: number) => {
  const value = { timestampUs: 5, device: 'esp32-1', source: 'simulated', raw: 1830, percent: 1, irrigate: false, ema, anomaly: 0, wasmMs: null, nativeMs: null } as const;
  return new Message('ic/fog/processed', new ProcessedContent(value), 0, false, null);
};
const events: Event[] = [
  [0, 'page', 'strategy', 'A'],
  [7, 'esp32-1', 'sense', 1830, 0],
  [8, 'esp32-1', 'publish', data('{"raw":1830,"pct":51,"irrigar":1,"seq":4}'), 0],
  [9, 'fog', 'publish', processed(1830.125), 1],
  [9, 'cloud', 'receive', 'ic/fog/processed', 2],
];

function digestOf(all: Event[]): string {
  const log = new BriefLog();
  for (const event of all) log.append(...event);
  expect(log.lines).toBe(all.length);
  return log.digest();
}

test('two runs of an experiment are told apart by anything that happened otherwise, and equal ones are not', () => {
  const digest = digestOf(events);
  expect(digestOf(events)).toBe(digest);
  const others: Event[][] = [
    events.toReversed(),
    events.slice(1),
    events.with(0, [0, 'page', 'strategy', 'B']),
    events.with(0, [0, 'broker', 'strategy', 'A']),
    events.with(1, [7.5, 'esp32-1', 'sense', 1830, 0]),
    events.with(1, [7, 'esp32-2', 'sense', 1830, 1]),
    events.with(1, [7, 'esp32-1', 'state', 1830, 0]),
    events.with(1, [7, 'esp32-1', 'sense', 1831, 0]),
    events.with(2, [8, 'esp32-1', 'publish', data('{"raw":1831,"pct":51,"irrigar":1,"seq":4}'), 0]),
    events.with(2, [8, 'esp32-1', 'publish', data('{"raw":1830,"pct":52,"irrigar":1,"seq":4}'), 0]),
    events.with(2, [8, 'esp32-1', 'publish', data('{"raw":1830,"pct":51,"irrigar":0,"seq":4}'), 0]),
    events.with(2, [8, 'esp32-1', 'publish', data('{"raw":1830,"pct":51,"irrigar":1,"seq":5}'), 0]),
    events.with(2, [8, 'esp32-1', 'publish', data('{"raw":1830,"pct":51,"irrigar":1,"seq":4}', 1), 0]),
    events.with(2, [8, 'esp32-1', 'publish', data('no telemetry at all, but of the same size'), 0]),
    events.with(3, [9, 'fog', 'publish', processed(1830.126), 1]),
  ];
  const digests = others.map(digestOf);
  expect(new Set([digest, ...digests]).size).toBe(others.length + 1);
});
