/** What the page ships of the hostile guests is what their texts say. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { hostileBytes, hostileGuests } from '../../web/lab/isolation/hostile-modules.ts';
import { generateHostileGuests } from '../guests/hostile/generate.ts';

const shipped = new URL('../../web/lab/isolation/hostile-guests.gen.json', import.meta.url);

test('the shipped modules are current; if not: npx tsx tests/isolation/write-hostile-guests.ts', async () => {
  expect(await readFile(shipped, 'utf8')).toBe(await generateHostileGuests());
});

test('every guest has an id of its own, words, and a module for each variant and form', () => {
  expect(new Set(hostileGuests.map(({ id }) => id)).size).toBe(hostileGuests.length);
  for (const { id, tries, contained, variants, forms } of hostileGuests) {
    for (const words of [tries, contained]) expect(words, id).toMatch(/^[A-Z].*\.$/);
    expect(new Set(variants.map((variant) => variant.id)).size, id).toBe(variants.length);
    for (const variant of variants) for (const form of forms) expect(hostileBytes(id, variant.id, form)).toBeInstanceOf(Uint8Array);
  }
});

test('all but those that are unsound by design are valid modules: a guest that never runs would prove nothing', () => {
  const unsound = new Set(['type-confusion', 'damaged', 'oversized', 'large-declarations']);
  for (const { id, variants, forms } of hostileGuests.filter((guest) => !unsound.has(guest.id))) {
    for (const variant of variants) for (const form of forms) expect(WebAssembly.validate(hostileBytes(id, variant.id, form)), `${id}/${variant.id}`).toBe(true);
  }
});

test('what is unsound is so for the engine, too', () => {
  for (const { id, variants } of hostileGuests.filter((guest) => guest.id === 'type-confusion')) {
    for (const variant of variants) expect(WebAssembly.validate(hostileBytes(id, variant.id, 'env')), variant.id).toBe(false);
  }
});
