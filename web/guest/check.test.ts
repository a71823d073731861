/** A refusal is the first thing that a person sees of a module that does not fit: it has to say what to change. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkGuest, type CheckedGuest } from './check.ts';
import { assemble } from './wasm/testing/assemble.ts';

const limits = { maxPages: 4, maxBytes: 100_000 };
const loop = '(func (export "main") (result i32) (i32.const 0))';

function accepted(text: string): CheckedGuest {
  const result = checkGuest(assemble(text), limits);
  if (!result.ok) throw new Error(result.reason);
  return result.guest;
}

function refusal(text: string | Uint8Array): string {
  const result = checkGuest(typeof text === 'string' ? assemble(text) : text, limits);
  return result.ok ? 'accepted' : result.reason;
}

test('a guest with every import and export passes', () => {
  const guest = accepted(`
    (import "env" "read_sensor" (func (param i32) (result i32))) (import "env" "set_output" (func (param i32 i32)))
    (import "env" "delay_ms" (func (param i32))) (import "env" "wasm_log" (func (param i32)))
    (import "env" "log_int" (func (param i32))) (import "env" "mqtt_publish" (func (param i32 i32) (result i32)))
    (import "env" "get_config" (func (param i32) (result i32))) (memory (export "memory") 1 9) ${loop}
    (func (export "process") (param i32 i32 i32 i32) (result i32) (i32.const 0))
    (func (export "filter_value") (param i32) (result f32) (f32.const 0))
    (func (export "detect_anomaly") (param i32) (result i32) (i32.const 0))
    (global (export "__heap_base") i32 (i32.const 5000)) (global (export "__data_end") i32 (i32.const 900))`);
  expect(guest).toMatchObject({
    entry: { name: 'main', params: 0 },
    process: true,
    filterValue: true,
    detectAnomaly: true,
    memory: { initialPages: 1, maxPages: 4 },
    heapBase: 5000,
    dataEnd: 900,
  });
});

test.each([
  ['main', '(func (export "main"))', { name: 'main', params: 0 }],
  ['main with a status', loop, { name: 'main', params: 0 }],
  [
    'main with arguments',
    '(func (export "main") (param i32 i32) (result i32) (i32.const 0))',
    { name: 'main', params: 2 },
  ],
  [
    'clang --export-all',
    `(func $m (export "__main_void") (result i32) (i32.const 0))
     (func (export "main") (param i32 i32) (result i32) (call $m))`,
    { name: '__main_void', params: 0 },
  ],
  ['no loop', '(func (export "detect_anomaly") (param i32) (result i32) (i32.const 0))', null],
])('the entry of a module with %s', (_, text, entry) => {
  expect(accepted(`(memory 1) ${text}`).entry).toEqual(entry);
});

test.each<[string, string, RegExp]>([
  [
    'an unknown import',
    '(import "env" "foo" (func))',
    /imports `env\.foo`, which this host does not offer.*`env\.get_config`/,
  ],
  [
    'a name that every object has',
    '(import "env" "toString" (func))',
    /`env\.toString`, which this host does not offer/,
  ],
  [
    'a known name of another module',
    '(import "host" "delay_ms" (func (param i32)))',
    /`host\.delay_ms`, which/,
  ],
  ['an imported global', '(import "env" "delay_ms" (global i32))', /the global `env\.delay_ms`/],
  [
    'a wrong signature',
    '(import "env" "read_sensor" (func (param i64) (result i32)))',
    /`env\.read_sensor` as \(i64\) -> i32, but this host offers \(i32\) -> i32/,
  ],
  [
    'a WASI program',
    '(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))',
    /WASI program/,
  ],
  ['an imported memory', '(import "env" "memory" (memory 1))', /imports its memory/],
])('%s is refused', (_, text, sentence) => {
  expect(refusal(`(module ${text} ${text.includes('(memory') ? '' : '(memory 1)'} ${loop})`)).toMatch(
    sentence,
  );
});

test.each<[string, string, RegExp]>([
  ['no memory', loop, /no memory/],
  ['too much memory', `(memory 5) ${loop}`, /5 pages of memory \(320 KiB\).*may have 4 \(256 KiB\)/],
  ['a huge table', `(memory 1) (table 1000000 funcref) ${loop}`, /1000000 entries/],
  [
    'nothing to run',
    '(memory 1) (func (export "run")) (func (export "stop"))',
    /exports none of `main`.*`run` and `stop`/,
  ],
  ['no export at all', '(memory 1)', /nothing to run\. Export at least one/],
  [
    'a loop of another type',
    '(memory 1) (func (export "main") (param i32))',
    /`main` as \(i32\) -> \(\), but .* \(i32, i32\) -> i32/,
  ],
  [
    'a filter of another type',
    `(memory 1) ${loop} (func (export "filter_value") (param i32) (result f64) (f64.const 0))`,
    /\(i32\) -> f32/,
  ],
  [
    'a name on a global',
    `(memory 1) ${loop} (global (export "process") i32 (i32.const 0))`,
    /`process` as a global/,
  ],
])('%s is refused', (_, text, sentence) => {
  expect(refusal(text)).toMatch(sentence);
});

test('a memory that cannot be moved into the common one is no reason to refuse: such a guest runs alone', () => {
  expect(accepted(`(memory 1 1 shared) ${loop}`).memory).toEqual({ initialPages: 1, maxPages: 1 });
});

test('declarations that only the engine can read are checked by name, else no GC module could run', () => {
  // An imported tag is such a declaration, and no guest may import one.
  expect(refusal(`(import "env" "broken" (tag)) (memory 1) ${loop}`)).toMatch(/the tag `env\.broken`, which this host does not offer/);
  // Custom page sizes: nobody reads them yet.
  const bytes = assemble(`(memory 1) ${loop}`);
  const memory = bytes.findIndex((byte, at) => byte === 5 && bytes[at + 1] === 3);
  expect(refusal(bytes.with(memory + 3, 8))).toMatch(/does not validate.*The engine says: /);
});

test('a file too large, no module, or an object file is refused before anything else', () => {
  expect(refusal(new Uint8Array(100_001))).toMatch(/100001 bytes.*at most 100000/);
  expect(refusal(new TextEncoder().encode('hello'))).toMatch(/text file/);
  const object = [...assemble(`(memory 1) ${loop}`), 0, 8, 7, ...new TextEncoder().encode('linking')];
  expect(refusal(Uint8Array.from(object))).toMatch(/object file/);
});

test('code that does not validate is refused with what the engine says', () => {
  const bytes = assemble(`(memory 1) ${loop}`);
  const constant = bytes.lastIndexOf(0x41);
  expect(refusal(bytes.with(constant, 0x1a).with(constant + 1, 0x01))).toMatch(
    /does not validate.*The engine says: /,
  );
});

test.each(['irrigation-c.wasm', 'irrigation-rust.wasm'])("the project's own %s passes", (file) => {
  const bytes = readFileSync(new URL(`./modules/${file}`, import.meta.url));
  const result = checkGuest(bytes, { maxPages: 1, maxBytes: 65_536 });
  expect(result).toMatchObject({
    ok: true,
    guest: { process: true, filterValue: true, detectAnomaly: true },
  });
});

test.each(['irrigation-c-wasi.wasm', 'irrigation-rust-wasi.wasm'])(
  '%s is told apart as a WASI program',
  (file) => {
    expect(refusal(readFileSync(new URL(`./modules/${file}`, import.meta.url)))).toMatch(/WASI program/);
  },
);
