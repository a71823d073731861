import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StringTable } from './string-table.ts';

const encoder = new TextEncoder();

test('gives every ASCII string as it stands in memory, else one node would speak with the words of another', () => {
  const ascii = fc.string({ unit: fc.integer({ min: 1, max: 127 }).map((code) => String.fromCharCode(code)), maxLength: 300 });
  fc.assert(
    fc.property(fc.array(ascii, { maxLength: 50 }), fc.nat(9), (texts, offset) => {
      const table = new StringTable();
      for (const text of [...texts, ...texts]) {
        const memory = new Uint8Array(512);
        memory.set(encoder.encode(text), offset);
        expect(table.read(memory, offset, 512)).toBe(text.length > 255 ? null : text);
      }
    }),
  );
});

test('leaves to others what has no end within the limit, and what is not ASCII', () => {
  const table = new StringTable();
  const memory = encoder.encode('abc\0grün\0');
  expect(table.read(memory, 0, 3)).toBeNull();
  expect(table.read(memory, 0, 4)).toBe('abc');
  expect(table.read(memory, 4, memory.length)).toBeNull();
  expect(table.read(memory, 3, memory.length)).toBe('');
});
