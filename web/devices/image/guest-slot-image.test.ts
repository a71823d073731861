import { readFileSync } from 'node:fs';
import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, decodeGuestSlot, encodeGuestSlot, GUEST_MODULE_OFFSET, MAX_GUEST_BYTES } from './guest-slot-image.ts';

const module = new Uint8Array(readFileSync(new URL('../../guest/modules/irrigation-c.wasm', import.meta.url)));
const byCable = { module, name: 'irrigation-c.wasm', sequence: 1, signer: null };

describe('a guest slot in flash', () => {
  // A board would find no guest, or another, after an installation that went well.
  it('has each field where the layout of the flash says', () => {
    const signer = { key: '0123456789abcdef', signature: new Uint8Array(64).map((_, i) => i + 1) };
    const image = Buffer.from(encodeGuestSlot({ ...byCable, sequence: 0x01020304, signer }));
    expect(image.subarray(0, 4).toString('latin1')).toBe('CLG1');
    expect(image.readUInt32LE(4)).toBe(module.length);
    expect(image.subarray(8, 40).toString('hex')).toBe('5dd68a224ed25bc19b281943ca55a8b8ae60ab673d39839f25b290e7e50058a0');
    expect(image.subarray(40, 48).toString('hex')).toBe(signer.key);
    expect(image.subarray(48, 112)).toEqual(Buffer.from(signer.signature));
    expect(image.subarray(112, 176).toString('latin1')).toBe('irrigation-c.wasm'.padEnd(64, '\0'));
    expect(image.readUInt32LE(176)).toBe(0x01020304);
    expect(image.subarray(180, 252).every((byte) => byte === 0xff)).toBe(true);
    expect(image.subarray(256, 0x1000).every((byte) => byte === 0xff)).toBe(true);
    expect(image.subarray(0x1000)).toEqual(Buffer.from(module));
  });

  it('reads back as it was written, whatever the module, also from a whole partition', () => {
    const slots = fc.record({
      module: fc.uint8Array({ minLength: 1, maxLength: 600 }),
      name: fc.string({ unit: 'binary', minLength: 1, maxLength: 16 }).filter((name) => !name.includes('\0')),
      sequence: fc.nat(),
      signer: fc.option(
        fc.record({
          key: fc.constant('00112233445566ff'),
          signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
        }),
      ),
    });
    fc.assert(
      fc.property(slots, fc.nat({ max: 500 }), (slot, rest) => {
        const image = encodeGuestSlot(slot);
        const flash = new Uint8Array(image.length + rest).fill(0xff);
        flash.set(image);
        expect(decodeGuestSlot(flash)).toMatchObject({ ok: true, value: slot });
      }),
    );
  });

  // A damaged guest would run as if it were whole.
  it('is refused when any bit of header or module is wrong', () => {
    const image = encodeGuestSlot(byCable);
    const meaningful = fc.oneof(fc.nat({ max: 255 }), fc.integer({ min: GUEST_MODULE_OFFSET, max: image.length - 1 }));
    fc.assert(
      fc.property(meaningful, fc.nat({ max: 7 }), (at, bit) => {
        const damaged = image.slice();
        damaged[at]! ^= 1 << bit;
        expect(decodeGuestSlot(damaged).ok).toBe(false);
      }),
    );
  });

  it.each([
    ['an erased partition', new Uint8Array(0x2000).fill(0xff), /empty/],
    ['something else', new Uint8Array(0x2000), /CLG1/],
    ['a few bytes', new Uint8Array(12), /256 bytes/],
    ['a slot that ends too soon', encodeGuestSlot(byCable).subarray(0, 0x1010), /only 16/],
  ])('is not seen in %s', (_what, bytes, reason) => {
    const decoded = decodeGuestSlot(bytes);
    expect(decoded.ok ? '' : decoded.reason).toMatch(reason);
  });

  it('takes no module that fits no slot, and no name that its field cuts', () => {
    expect(() => encodeGuestSlot({ ...byCable, module: new Uint8Array(MAX_GUEST_BYTES + 1) })).toThrow(RangeError);
    expect(() => encodeGuestSlot({ ...byCable, module: new Uint8Array() })).toThrow(RangeError);
    expect(() => encodeGuestSlot({ ...byCable, name: 'ç'.repeat(33) })).toThrow(RangeError);
    expect(encodeGuestSlot({ ...byCable, name: 'ç'.repeat(32), module: new Uint8Array(MAX_GUEST_BYTES) })).toHaveLength(0x40000);
  });

  it('has the checksum that zlib and the ROM compute', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(module)).toBe(zlibCrc32(module));
  });
});
