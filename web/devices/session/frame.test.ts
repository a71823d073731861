import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeFrame, encodeRequest, encodeResult, type Frame, parseRequest, parseResult } from './frame.ts';
import { FrameSplitter } from './frame-splitter.ts';

/** Everything that came out, frames as they are, text between them joined. */
function split(chunks: readonly Uint8Array[]): (Frame | string)[] {
  const out: (Frame | string)[] = [];
  const splitter = new FrameSplitter({
    onText: (bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      const last = out.at(-1);
      if (typeof last === 'string') out[out.length - 1] = last + text;
      else out.push(text);
    },
    onFrame: (frame) => out.push(frame),
  });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.flush();
  return out;
}

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const bytesOf = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

it('is, bit for bit, what Improv writes, or no board would understand the page', () => {
  expect(Buffer.from(encodeRequest(3, new Uint8Array(0))).toString('hex')).toBe('0a494d50524f5601030203 00e6 0a'.replaceAll(' ', ''));
  expect(parseResult({ type: 4, data: Uint8Array.of(0xa2, 5, 1, 0x61, 2, 0x62, 0x63) })).toEqual({
    command: 0xa2,
    strings: [latin1('a'), latin1('bc')],
  });
});

it('takes frames out of text wherever the bytes are cut', () => {
  const text = fc.string({ unit: fc.constantFrom('I', 'M', 'P', 'IMPROV', 'R', 'x', '\n', '\r', '\u0003') }).map(latin1);
  const frame = fc.record({ type: fc.nat(255), data: fc.uint8Array({ maxLength: 255 }) });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, frame), { maxLength: 4 }), text, fc.array(fc.nat(), { maxLength: 12 }), (parts, last, places) => {
      const wire = bytesOf(...parts.flatMap(([before, { type, data }]) => [before, encodeFrame(type, data)]), last);
      const seen = split(cut(wire, places));
      expect(seen).toEqual(split([wire]));
      // Nothing of the text is lost, nothing of a frame is shown; text that looks like a frame's head may only hold one up.
      expect(seen.filter((part) => typeof part !== 'string')).toEqual(parts.map(([, { type, data }]) => ({ type, data: Uint8Array.from(data) })));
      const shown = seen.filter((part) => typeof part === 'string').join('');
      const written = parts.map(([before]) => `${Buffer.from(before).toString('latin1')}\n`).join('') + Buffer.from(last).toString('latin1');
      expect(shown).toBe(written);
    }),
    { numRuns: 300 },
  );
});

it('gives noise back byte for byte, or a console would lose what a board with a wrong baud rate writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.array(fc.nat(), { maxLength: 8 }), (bytes, places) => {
      const text = split(cut(bytes, places)).filter((part) => typeof part === 'string').join('');
      expect(text).toBe(Buffer.from(bytes).toString('latin1'));
    }),
  );
});

it('shows a frame that a reset cut off, and finds the next one behind it', () => {
  const whole = encodeFrame(4, latin1('settings of a board'));
  const seen = split([whole.subarray(0, 15), latin1('ets Jul 29 2019\r\n'), encodeFrame(1, Uint8Array.of(2))]);
  expect(seen.at(-1)).toEqual({ type: 1, data: Uint8Array.of(2) });
  expect(seen[0]).toContain('ets Jul 29 2019');
});

it('reads back what it writes, and refuses what does not fit its lengths', () => {
  fc.assert(
    fc.property(fc.nat(255), fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), (command, strings) => {
      const [frame] = split([encodeResult(command, strings)]).filter((part) => typeof part !== 'string');
      expect(parseResult(frame!)).toEqual({ command, strings });
      expect(parseResult({ type: 4, data: frame!.data.subarray(0, -1) })).toBeNull();
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 255 }), (data) => {
    // Never throws, whatever a board sends.
    parseRequest({ type: 3, data });
    parseResult({ type: 4, data });
  }));
  expect(() => encodeFrame(3, new Uint8Array(256))).toThrow(RangeError);
});
