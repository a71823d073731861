import { expect, test } from 'vitest';
import { foreignGuest, simdGuest } from '../../tests/guests/assemble.ts';
import { loadGuest, noteOn, prepareGuest } from './loaded-guest.ts';
import { assemble } from './wasm/testing/assemble.ts';

const limits = { maxPages: 2, maxBytes: 100_000 };

test('a module that cannot be metered is compiled as it came, and its user is told what follows', async () => {
  const loaded = await loadGuest('simd.wasm', await simdGuest(), limits);
  if (!loaded.ok) throw new Error(loaded.reason);
  const { metered, obstacle, maxPages, module } = loaded.guest;
  expect({ metered, feature: obstacle?.feature, maxPages }).toEqual({ metered: false, feature: 'SIMD', maxPages: 2 });
  expect(WebAssembly.Module.exports(module)).toEqual(WebAssembly.Module.exports(new WebAssembly.Module(await simdGuest())));
  const note = noteOn(loaded.guest);
  expect(note).toMatch(/^simd\.wasm uses SIMD \(at byte 0x[0-9a-f]+\)/);
  expect(note).toMatch(/memory of its own, on at most 32 edge nodes.*not counted.*stopped when it runs for 2 s/);
});

test('the offset in the note is that of the instruction, else it helps nobody to find it', async () => {
  const bytes = await simdGuest();
  const loaded = await loadGuest('simd.wasm', bytes, limits);
  const SIMD_PREFIX = 0xfd;
  expect(loaded.ok && bytes[loaded.guest.obstacle?.offset ?? 0]).toBe(SIMD_PREFIX);
});

test('a module that can be metered is, and nothing is said of it', async () => {
  const loaded = await loadGuest('field.wasm', await foreignGuest(), limits);
  if (!loaded.ok) throw new Error(loaded.reason);
  expect(loaded.guest).toMatchObject({ metered: true, obstacle: null });
  expect(noteOn(loaded.guest)).toBeUndefined();
});

test('texts in a memory that is not exported cannot be read, so such a module is refused with what to change', async () => {
  const vector = '(func (result v128) (v128.const i32x4 1 2 3 4))';
  const loop = '(func (export "main") (result i32) (i32.const 0))';
  const logs = '(import "env" "wasm_log" (func (param i32)))';
  const refused = await loadGuest('logs.wasm', assemble(`${logs} (memory 1) ${vector} ${loop}`), limits);
  expect(refused).toHaveProperty('reason', expect.stringMatching(/uses SIMD.*exports no memory.*`wasm_log`.*Export it/));
  expect(await loadGuest('silent.wasm', assemble(`(memory 1) ${vector} ${loop}`), limits)).toMatchObject({ ok: true });
});

test('a module that cannot be metered does not ship with the page', async () => {
  expect(prepareGuest('simd.wasm', await simdGuest(), limits)).toMatchObject({ ok: false });
});

/** Rewritten, it would call the functions by which the host gives turns, and set the base of its own window. */
test.each([
  ['call', Array.from({ length: 8 }, (_, beyond) => `(call ${1 + beyond})`)],
  ['global.set', Array.from({ length: 4 }, (_, beyond) => `(global.set ${beyond} (i32.const 0))`)],
])('%s of what only the transformed module has is refused', async (_, instructions) => {
  for (const instruction of instructions) {
    const bytes = assemble(`(memory (export "memory") 1) (func (export "main") (result i32) ${instruction} (i32.const 0))`);
    expect(await loadGuest('reaches.wasm', bytes, limits)).toHaveProperty('reason', expect.stringMatching(/does not validate/));
  }
});
