import type { IPublishPacket } from 'mqtt';
import { describe, expect, it } from 'vitest';
import { readIncoming } from './intake.ts';

function packet(topic: string, payload: Uint8Array | string, properties: IPublishPacket['properties'] = {}): IPublishPacket {
  const bytes = Buffer.from(payload as string);
  return { cmd: 'publish', topic, payload: bytes, qos: 1, retain: false, dup: false, properties };
}

describe('what comes from the broker', () => {
  it('is read as text without the root, with its properties, but for the message id that is ours alone', () => {
    const properties = {
      userProperties: Object.assign(Object.create(null) as object, { mid: 'a-1', sampledAt: '7', twice: ['x', 'y'] }),
      responseTopic: 'ic/n1/reply',
      correlationData: Buffer.from('ü'),
    };
    expect(readIncoming(packet('ic/n1/data', 'ü'), 3, 5)).toMatchObject({ topic: 'n1/data', payload: 'ü', problem: null, userProperties: null, receivedUs: 5 });
    expect(readIncoming(packet('ic/n1/cmd', '', properties), 3, 5)).toMatchObject({
      payload: '',
      userProperties: { sampledAt: '7', twice: 'x' },
      responseTopic: 'ic/n1/reply',
      correlationData: 'ü',
    });
    expect(readIncoming(packet('ic/n1/data', '', { userProperties: { mid: 'a-1' } }), 3, 5).userProperties).toBeNull();
  });

  it('keeps a guest as bytes of its own, or the whole piece it came in would stay in memory', () => {
    const { payload } = readIncoming(packet('ic/n1/guest', new Uint8Array([0, 255])), 3, 0);
    expect(payload).toEqual(new Uint8Array([0, 255]));
    expect((payload as Uint8Array).buffer.byteLength).toBe(2);
  });

  it.each([
    ['ic/n1/data', 65_537, 'The payload has 65537 bytes; at most 65536 are taken here.'],
    ['ic/n1/guest', 1_500_001, 'The payload has 1500001 bytes; at most 1500000 are taken for a guest.'],
  ])('at %s with %i bytes is refused before it is decoded', (topic, bytes, problem) => {
    expect(readIncoming(packet(topic, new Uint8Array(bytes)), 3, 0)).toMatchObject({ payload: null, problem });
  });

  it('is refused with a reason when it is not UTF-8', () => {
    expect(readIncoming(packet('ic/n1/data', new Uint8Array([0xc3, 0x28])), 3, 0)).toMatchObject({
      payload: null,
      problem: 'The payload is no text: its bytes are not UTF-8.',
    });
  });
});
