import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeSlip, SlipDecoder } from './slip.ts';

function decode(stream: Uint8Array, maxBytes = 1000): Uint8Array[] {
  const frames: Uint8Array[] = [];
  new SlipDecoder(maxBytes).push(stream, (frame) => frames.push(frame));
  return frames;
}

it('carries any bytes, in any pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 5 }), fc.integer({ min: 1, max: 9 }), (payloads, pieceBytes) => {
      const stream = Uint8Array.from(payloads.flatMap((payload) => [...encodeSlip(payload)]));
      const decoder = new SlipDecoder(1000);
      const frames: Uint8Array[] = [];
      for (let at = 0; at < stream.length; at += pieceBytes) decoder.push(stream.subarray(at, at + pieceBytes), (frame) => frames.push(frame));
      expect(frames).toEqual(payloads);
    }),
  );
});

it('finds the next frame after noise, a broken escape and a frame that is too long', () => {
  expect(decode(Uint8Array.of(1, 2, 0xc0, 7, 0xc0))).toEqual([Uint8Array.of(7)]);
  expect(decode(Uint8Array.of(0xc0, 0xdb, 5, 0xc0, 0xc0, 7, 0xc0))).toEqual([Uint8Array.of(7)]);
  expect(decode(Uint8Array.of(0xc0, 1, 2, 3, 0xc0, 0xc0, 7, 0xc0), 2)).toEqual([Uint8Array.of(7)]);
});
