import { describe, expect, test } from 'vitest';
import { ProcessedContent } from '../protocol/content.ts';
import { Message } from '../protocol/message.ts';
import { EventLog, type Detail } from './event-log.ts';
import { logText } from './log-text.ts';

type Event = [timeUs: number, node: string, kind: string, detail: Detail];
const message = { topic: 'ic/esp32-1/data', payload: '{"raw":1}', qos: 0, retain: false } as const;
const processed = (raw: number) => {
  const value = { timestampUs: 5, device: 'esp32-1', source: 'simulated', raw, percent: 1, irrigate: false, ema: 1.5, anomaly: 0, wasmMs: null, nativeMs: null } as const;
  return new Message('ic/fog/processed', new ProcessedContent(value), 0, false, null);
};
const events: Event[] = [
  [0, 'esp32-1', 'state', 'booting'],
  [7, 'esp32-1', 'sense', 1830],
  [8, 'esp32-1', 'publish', message],
  [9, 'fog', 'publish', processed(1830)],
];

function logOf(all: Event[]): EventLog {
  const log = new EventLog(1000);
  for (const event of all) log.append(...event);
  return log;
}

describe('EventLog', () => {
  test('the same events give the same digest, whatever is different another', () => {
    const { digest } = { digest: logOf(events).digest() };
    expect(logOf(events).digest()).toBe(digest);
    const others: Event[][] = [
      events.toReversed(),
      events.slice(1),
      events.with(0, [1, 'esp32-1', 'state', 'booting']),
      events.with(0, [0, 'esp32-2', 'state', 'booting']),
      events.with(0, [0, 'esp32-', '1state', 'booting']),
      events.with(1, [7, 'esp32-1', 'sense', 1831]),
      events.with(2, [8, 'esp32-1', 'publish', { ...message, payload: '{"raw":2}' }]),
      events.with(2, [8, 'esp32-1', 'publish', { ...message, qos: 1 }]),
      events.with(2, [8, 'esp32-1', 'publish', { ...message, retain: true }]),
      events.with(3, [9, 'fog', 'publish', processed(1831)]),
    ];
    expect(new Set(others.map((each) => logOf(each).digest())).add(digest).size).toBe(others.length + 1);
  });

  test('a message reads the same whether its payload was known by its value or by its text', () => {
    const known = processed(1830);
    const written = { topic: known.topic, payload: known.payload, qos: known.qos, retain: false };
    expect(logText(logOf([[9, 'fog', 'publish', known]])).split('\n').slice(1))
      .toEqual(logText(logOf([[9, 'fog', 'publish', written]])).split('\n').slice(1));
  });

  test('one event is one line, whatever a guest wrote', () => {
    const log = logOf([[1, 'esp32-1', 'log', 'two\nlines']]);
    expect(log.last).toBe('esp32-1 log two\\nlines');
    expect(logText(log)).toContain('1\tesp32-1\tlog\ttwo\\nlines\n');
  });

  test('of a long run the last events are kept, and it says that others are gone', () => {
    const log = new EventLog(1000);
    for (let timeUs = 0; timeUs < 1464; timeUs += 1) log.append(timeUs, 'esp32-1', 'sense', timeUs);
    const lines = logText(log).trimEnd().split('\n');
    expect(lines[1]).toBe('# 464 earlier events are no longer kept; the digest covers them');
    expect(lines[3]).toBe('464\tesp32-1\tsense\t464');
    expect(lines.at(-1)).toBe('1463\tesp32-1\tsense\t1463');
    expect(log.lines).toBe(1464);
  });
});
