import type { IPublishPacket } from 'mqtt';
import { describe, expect, it } from 'vitest';
import { Duplicates } from './duplicates.ts';
import { OwnEchoes } from './own-echoes.ts';

function packet(mid: string | null, more: Partial<IPublishPacket> = {}): IPublishPacket {
  const properties = mid === null ? {} : { userProperties: { mid } };
  return { cmd: 'publish', topic: 'ic/n1/data', payload: Buffer.from('x'), qos: 1, retain: false, dup: false, properties, ...more };
}

describe('duplicates', () => {
  it('are known by their message id among the last four thousand of each sender', () => {
    const duplicates = new Duplicates();
    for (let i = 0; i < 4000; i += 1) expect(duplicates.seen(packet(`page-${i}`))).toBe(false);
    for (let i = 0; i < 300; i += 1) expect(duplicates.seen(packet(`noise${i}-1`))).toBe(false);
    expect(duplicates.seen(packet('noise299-1'))).toBe(true);
    // The page's own memory went when three hundred others spoke up: a flood of names cannot fill the memory.
    expect(duplicates.seen(packet('page-3999'))).toBe(false);
    expect(duplicates.seen(packet('page-3999'))).toBe(true);
  });

  it('are never seen in retained messages, which come again after an outage, nor at QoS 0', () => {
    const duplicates = new Duplicates();
    expect(duplicates.seen(packet('a-1'))).toBe(false);
    expect(duplicates.seen(packet('a-1', { retain: true }))).toBe(false);
    expect(duplicates.seen(packet('a-1', { qos: 0 }))).toBe(false);
  });

  it('of a board without ids are known by what the broker repeats', () => {
    const duplicates = new Duplicates();
    const first = { messageId: 7 };
    expect(duplicates.seen(packet(null, first))).toBe(false);
    // A board that says the same thing twice has said it twice.
    expect(duplicates.seen(packet(null, { messageId: 8 }))).toBe(false);
    expect(duplicates.seen(packet(null, { messageId: 7, dup: true }))).toBe(true);
    expect(duplicates.seen(packet(null, { messageId: 7, dup: true, payload: Buffer.from('y') }))).toBe(false);
    expect(duplicates.seen(packet(null, { messageId: 9, dup: true }))).toBe(false);
  });
});

describe('echoes of our own in MQTT 3.1.1', () => {
  it('are recognised as often as they were sent, for a minute', () => {
    const echoes = new OwnEchoes();
    const bytes = Buffer.from('x');
    echoes.sent('t', 'x', 0);
    echoes.sent('t', 'x', 0);
    expect([1, 2, 3].map(() => echoes.isEcho('t', bytes, 10))).toEqual([true, true, false]);
    echoes.sent('t', 'x', 0);
    expect(echoes.isEcho('t', bytes, 70_000)).toBe(false);
    expect(echoes.isEcho('other', bytes, 10)).toBe(false);
  });
});
