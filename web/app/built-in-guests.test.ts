import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { loadGuest, prepareGuest, type ShippedGuest } from '../guest/loaded-guest.ts';
import c from '../guest/modules/irrigation-c.wasm?prepared';
import rust from '../guest/modules/irrigation-rust.wasm?prepared';
import { fetchBytes } from './fetch-bytes.ts';
import { guestLimits } from './guest-limits.ts';

const shipped: [string, ShippedGuest][] = [
  ['irrigation-c.wasm', c],
  ['irrigation-rust.wasm', rust],
];

describe.each(shipped)('%s as it ships', (name, { guest, url, meteredUrl }) => {
  const original = (): Promise<Uint8Array> => readFile(new URL(`../guest/modules/${name}`, import.meta.url));

  test('is what the page makes of the same file, else a built-in guest would run unlike one that is dropped', async () => {
    const loaded = await loadGuest(name, await original(), guestLimits);
    if (!loaded.ok) throw new Error(loaded.reason);
    const { bytes: _bytes, module: _module, ...rest } = loaded.guest;
    expect(guest).toEqual(rest);
  });

  test('is metered by the same instructions, else its counts and energy would differ', async () => {
    const prepared = prepareGuest(name, await original(), guestLimits);
    if (!prepared.ok) throw new Error(prepared.reason);
    expect(await fetchBytes(meteredUrl)).toEqual(prepared.metered);
  });

  test('offers the untouched file, which is what a board is sent', () => {
    expect(url).toMatch(new RegExp(`/web/guest/modules/${name}$`));
  });
});
