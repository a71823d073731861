import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeGuestOffer, type GuestOffer, parseGuestOffer, signedText } from './guest-offer.ts';

const sha256 = 'ab'.repeat(32);
const signature = Uint8Array.from({ length: 64 }, (_, i) => 255 - i);
const offer: GuestOffer = { name: 'irrigation (C)', sha256, signature, key: '0123456789abcdef' };

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const names = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 64 });

describe('the user properties of a module on its way', () => {
  it('come back the same, or a node would refuse what was rightly signed', () => {
    const offers = fc.record({
      name: names,
      sha256: hex(64),
      signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
      key: hex(16),
    });
    fc.assert(
      fc.property(offers, (value) => {
        const wire = encodeGuestOffer(value);
        expect(Object.values(wire).every((text) => typeof text === 'string')).toBe(true);
        expect(parseGuestOffer(wire)).toEqual({ ok: true, value });
      }),
    );
  });

  it('are refused with a sentence whatever they hold', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 100 }), hex(64), hex(16), fc.base64String());
    const keys = fc.oneof(fc.constantFrom('name', 'sha256', 'signature', 'key', '__proto__', 'constructor'), fc.string());
    fc.assert(
      fc.property(fc.dictionary(keys, text), (properties) => {
        const parsed = parseGuestOffer(properties);
        if (!parsed.ok) expect(parsed.reason).toMatch(/^[A-Z].*\.$/su);
      }),
    );
  });

  it.each([null, undefined, {}])('that are not there point at MQTT 3.1.1, which cannot carry them (%o)', (none) => {
    expect(parseGuestOffer(none)).toEqual({ ok: false, reason: expect.stringContaining('send it over MQTT 5') });
  });

  const wire = encodeGuestOffer(offer);
  it.each<[string, Record<string, string>, string]>([
    ['unsigned', { name: 'a', sha256 }, 'The user property "signature" is missing'],
    ['with half a signature', { ...wire, signature: wire.signature!.slice(0, 44) }, '"signature" must be a signature of 64 bytes'],
    ['with a signature that is no base64', { ...wire, signature: '!'.repeat(88) }, '"signature" must be a signature of 64 bytes'],
    ['with a short digest', { ...wire, sha256: 'abc' }, '"sha256" must be a SHA-256'],
    ['without a name', { ...wire, name: '' }, '"name" must have 1 to 64 characters'],
    ['with a name of two lines', { ...wire, name: `a\n${sha256}` }, '"name" must have 1 to 64 characters and no control'],
    ['of no key', { ...wire, key: 'mine' }, '"key" must be the 16 hexadecimal digits'],
  ])('%s are refused by name', (_, properties, words) => {
    expect(parseGuestOffer(properties)).toEqual({ ok: false, reason: expect.stringContaining(words) });
  });

  it('are read with digits in either case, as tools print them', () => {
    expect(parseGuestOffer({ ...wire, sha256: sha256.toUpperCase() })).toEqual({ ok: true, value: offer });
  });
});

describe('what is signed', () => {
  it('is the text that boards build, byte for byte', () => {
    expect(signedText(offer)).toBe(`continuum-guest\nirrigation (C)\n${sha256}`);
  });

  it('differs for every two offers, or one signature would serve another module', () => {
    const pair = fc.record({ name: names, sha256: hex(64) });
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        fc.pre(a.name !== b.name || a.sha256 !== b.sha256);
        expect(signedText(a)).not.toBe(signedText(b));
      }),
    );
  });

  it('cannot be made of a name that no node takes', () => {
    expect(() => encodeGuestOffer({ ...offer, name: 'two\nlines' })).toThrow(/no control characters/);
  });
});
