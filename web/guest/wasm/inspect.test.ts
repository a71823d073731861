/** The report is what a person reads before a module is trusted; a wrong one hides what a guest wants or needs. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { InvalidModuleError } from './invalid-module.ts';
import { inspectModule } from './inspect.ts';
import { assemble } from './testing/assemble.ts';

const text = (content: string) => new TextEncoder().encode(content);

/** A custom section appended to a module. */
function withCustom(module: Uint8Array, name: string, content: readonly number[]): Uint8Array {
  const body = [name.length, ...text(name), ...content];
  return Uint8Array.from([...module, 0, body.length, ...body]);
}

function producersSection(fields: Record<string, [name: string, version: string][]>): number[] {
  const string = (value: string) => [value.length, ...text(value)];
  return [
    Object.keys(fields).length,
    ...Object.entries(fields).flatMap(([field, values]) => [
      ...string(field),
      values.length,
      ...values.flatMap(([name, version]) => [...string(name), ...string(version)]),
    ]),
  ];
}

test('imports and exports come with their types, across imported and defined indices', () => {
  const report = inspectModule(
    assemble(`(import "env" "delay_ms" (func (param i32))) (import "env" "g" (global $g (mut f32)))
      (import "env" "t" (table 1 2 externref)) (memory (export "memory") 2 5) (table 3 funcref)
      (global (export "__heap_base") i32 (i32.const 5136)) (global (export "__data_end") i32 (i32.const 1040))
      (global $sp (mut i32) (i32.const 4096)) (export "__stack_pointer" (global $sp)) (export "g" (global $g))
      (func $f (export "filter_value") (param i32) (result f32) (f32.const 1)) (func $b) (start $b)`),
  );
  expect(report.imports).toEqual([
    {
      module: 'env',
      name: 'delay_ms',
      type: { kind: 'function', signature: { params: ['i32'], results: [] } },
    },
    { module: 'env', name: 'g', type: { kind: 'global', type: 'f32', mutable: true } },
    { module: 'env', name: 't', type: { kind: 'table', element: 'externref', min: 1, max: 2 } },
  ]);
  const types = Object.fromEntries(report.exports.map(({ name, type }) => [name, type]));
  expect(types.filter_value).toEqual({ kind: 'function', signature: { params: ['i32'], results: ['f32'] } });
  expect(types.g).toEqual({ kind: 'global', type: 'f32', mutable: true });
  expect(types.__heap_base).toEqual({ kind: 'global', type: 'i32', mutable: false });
  expect(report.memory).toMatchObject({ initialPages: 2, maxPages: 5, imported: false });
  expect(report).toMatchObject({ heapBase: 5136, dataEnd: 1040, stackPointer: 4096, start: 2, functions: 2 });
  expect(report.tables).toEqual([
    { initial: 1, max: 2, imported: true },
    { initial: 3, max: null, imported: false },
  ]);
});

test('sections add up to the file', () => {
  const bytes = assemble('(memory 1) (func (export "go") (drop (i32.const 1))) (data (i32.const 0) "abc")', {
    names: true,
  });
  const { sections, sizeBytes } = inspectModule(bytes);
  expect(sizeBytes).toBe(bytes.length);
  expect(sections.map(({ name }) => name)).toEqual([
    'type',
    'function',
    'memory',
    'export',
    'code',
    'data',
    'name',
  ]);
  sections.forEach(({ id, offset, sizeBytes: size }, index) => {
    expect(bytes[offset]).toBe(id);
    const next = sections[index + 1]?.offset ?? bytes.length;
    expect(next - offset - size).toBeLessThanOrEqual(id === 0 ? 12 : 6);
  });
});

test.each([
  ['C', { language: [['C11', '']] }],
  ['C++', { language: [['C_plus_plus_17', '']] }],
  [
    'Rust',
    {
      language: [['Rust', '']],
      'processed-by': [
        ['rustc', '1.63'],
        ['clang', '14'],
      ],
    },
  ],
  [
    'Rust',
    {
      language: [
        ['C99', ''],
        ['Rust', ''],
      ],
    },
  ],
  ['Rust', { 'processed-by': [['rustc', '1.63']] }],
  ['Zig', { language: [['Zig', '']] }],
  ['C or C++', { 'processed-by': [['Debian clang', '22']] }],
  ['unknown', {}],
] as [string, Record<string, [string, string][]>][])('the language is %s', (language, fields) => {
  expect(inspectModule(withCustom(assemble(''), 'producers', producersSection(fields))).language).toBe(
    language,
  );
});

test('function names tell C from C++ where clang leaves it open', () => {
  const clang = producersSection({ 'processed-by': [['clang', '22']] });
  const named = (name: string) => assemble(`(func $${name})`, { names: true });
  expect(inspectModule(withCustom(named('read_soil'), 'producers', clang)).language).toBe('C');
  expect(inspectModule(withCustom(named('_ZN4Soil4readEv'), 'producers', clang)).language).toBe('C++');
});

test('a damaged custom section costs only what it says', () => {
  const report = inspectModule(withCustom(assemble('(memory 1)'), 'producers', [9, 9, 9]));
  expect(report).toMatchObject({ language: 'unknown', producers: [] });
});

test.each([
  ['irrigation-c.wasm', /^C\b/],
  ['irrigation-rust.wasm', /^Rust$/],
])("the project's own %s is read", (file, language) => {
  const report = inspectModule(readFileSync(new URL(`../modules/${file}`, import.meta.url)));
  expect(report.exports.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['main', 'process', 'filter_value', 'detect_anomaly', 'memory']),
  );
  expect(report.heapBase).toBeGreaterThan(0);
  expect(report.language).toMatch(language);
});

const valid = assemble('(memory 1) (func (export "go") (drop (i32.const 1)))');

test.each<[string, Uint8Array, RegExp]>([
  ['an empty file', new Uint8Array(), /empty/],
  ['a text file', text('int main(void) { return 0; }\n'), /^This is a text file, not a WebAssembly module/],
  ['assembly text', text(';; a guest\n(module (func))'), /assemble it first/],
  ['assembly text behind a byte order mark', text('\uFEFF(module)'), /assemble it first/],
  ['accented text', text('umidade: não é um módulo'), /text file/],
  ['an ELF program', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 1, 1), /ELF/],
  ['a ZIP archive', Uint8Array.of(0x50, 0x4b, 3, 4, 0), /ZIP/],
  ['other bytes', Uint8Array.of(0xff, 0, 1, 2, 3), /begins with the bytes ff 00 01 02/],
  ['a cut header', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1), /5 of at least 8 bytes/],
  ['a component', Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), /component/],
  ['another version', Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0), /version 2/],
  ['a cut file', valid.slice(0, -3), /cut off: section "code" begins at byte \d+ and holds \d+ bytes/],
  ['an unknown section', Uint8Array.from([...valid, 99, 0]), /unknown kind 99 at byte/],
])('%s is refused in words', (_, bytes, sentence) => {
  expect(() => inspectModule(bytes)).toThrow(InvalidModuleError);
  expect(() => inspectModule(bytes)).toThrow(sentence);
});

test('no cut and no flipped byte makes it throw anything but InvalidModuleError', () => {
  const attempt = (bytes: Uint8Array) => {
    try {
      inspectModule(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidModuleError);
    }
  };
  for (let length = 0; length < valid.length; length++) attempt(valid.slice(0, length));
  for (let at = 0; at < valid.length; at++) {
    for (const byte of [0x00, 0x7f, 0x80, 0xff]) attempt(valid.with(at, byte));
  }
});
