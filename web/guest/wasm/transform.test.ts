/** A guest must behave in its window as it does alone; a user would see other numbers, or none, if it did not. */
import { expect, test, vi } from 'vitest';
import { assemble } from './testing/assemble.ts';
import { runMetered, runOriginal, runWindowed, transformed } from './testing/differential.ts';
import { expectSame, type Call } from './testing/expect-same.ts';

// Many modules are compiled: on a busy machine that is seconds.
vi.setConfig({ testTimeout: 30_000 });

const accesses: [op: string, type: string, width: number][] = [
  ['i32.load', 'i32', 4],
  ['i64.load', 'i64', 8],
  ['f32.load', 'f32', 4],
  ['f64.load', 'f64', 8],
  ['i32.load8_s', 'i32', 1],
  ['i32.load8_u', 'i32', 1],
  ['i32.load16_s', 'i32', 2],
  ['i32.load16_u', 'i32', 2],
  ['i64.load8_s', 'i64', 1],
  ['i64.load8_u', 'i64', 1],
  ['i64.load16_s', 'i64', 2],
  ['i64.load16_u', 'i64', 2],
  ['i64.load32_s', 'i64', 4],
  ['i64.load32_u', 'i64', 4],
  ['i32.store', 'i32', 4],
  ['i64.store', 'i64', 8],
  ['f32.store', 'f32', 4],
  ['f64.store', 'f64', 8],
  ['i32.store8', 'i32', 1],
  ['i32.store16', 'i32', 2],
  ['i64.store8', 'i64', 1],
  ['i64.store16', 'i64', 2],
  ['i64.store32', 'i64', 4],
];
const staticOffsets = [0, 1, 7, 65_535, 65_536, 65_537, 0x7fff_ffff, 0xffff_fff8, 0xffff_ffff];

function accessModule(extra: string): string {
  const functions = accesses.flatMap(([op, type]) =>
    staticOffsets.map((offset) =>
      op.includes('store')
        ? `(func (export "${op}+${offset}") (param i32 ${type}) (${op} offset=${offset} (local.get 0) (local.get 1)))`
        : `(func (export "${op}+${offset}") (param i32) (result ${type}) (${op} offset=${offset} (local.get 0)))`,
    ),
  );
  const pattern = Array.from({ length: 16 }, (_, index) => `\\${(0x81 + index * 7).toString(16)}`).join('');
  return `(memory (export "memory") 1 3) (data (i32.const 65520) "${pattern}") ${extra} ${functions.join('\n')}`;
}

function accessCalls(): Call[] {
  return accesses.flatMap(([op, type, width]) =>
    staticOffsets.flatMap((offset) => {
      const last = 65_536 - width - offset;
      const addresses = new Set([
        0,
        1,
        65_535,
        65_536,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_ffff,
        last,
        last + 1,
        last - 1,
      ]);
      return [...addresses].map((address): Call => {
        const value = type === 'i64' ? 0x1122_3344_5566_7788n : 1.5e9;
        return op.includes('store')
          ? [`${op}+${offset}`, address | 0, value]
          : [`${op}+${offset}`, address | 0];
      });
    }),
  );
}

test('every load and store agrees at the limit, across it, and where address and offset pass 2^32', () => {
  expectSame(accessModule(''), accessCalls());
});

test('the same holds while the memory grows: the limit moves and new bytes are zero', () => {
  const grow = '(func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))';
  const calls = accessCalls();
  expectSame(accessModule(grow), [...calls, ['grow', 1], ...calls, ['grow', 1], ...calls, ['grow', 1]]);
});

test('a memory of no pages admits nothing', () => {
  expectSame(
    `(memory (export "memory") 0) (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0)))
     (func (export "fill") (param i32 i32) (memory.fill (local.get 0) (i32.const 1) (local.get 1)))`,
    [
      ['peek', 0],
      ['peek', -1],
      ['fill', 0, 0],
      ['fill', 0, 1],
      ['fill', 1, 0],
    ],
  );
});

const growth = `(func (export "size") (result i32) memory.size)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "poke") (param i32) (i32.store8 (local.get 0) (i32.const 1)))`;

test('memory.grow gives the old size, and -1 past the maximum, leaving the size alone', () => {
  expectSame(`(memory (export "memory") 1 3) ${growth}`, [
    ['size'],
    ['grow', 0],
    ['grow', 1],
    ['poke', 131_071],
    ['poke', 131_072],
    ['size'],
    ['grow', 2],
    ['grow', -1],
    ['grow', 65_536],
    ['size'],
    ['grow', 1],
    ['poke', 196_607],
    ['grow', 1],
    ['grow', 0],
    ['size'],
  ]);
});

test('without a maximum of its own a guest grows to the ceiling and no further', () => {
  const bytes = assemble(`(memory (export "memory") 1) ${growth}`);
  for (const run of [runMetered(bytes), runWindowed(bytes)]) {
    expect(run.call('grow', 4)).toEqual({ kind: 'value', value: -1 });
    expect(run.call('grow', 3)).toEqual({ kind: 'value', value: 1 });
    expect(run.call('size')).toEqual({ kind: 'value', value: 4 });
    expect(run.call('grow', 1)).toEqual({ kind: 'value', value: -1 });
    expect(run.call('poke', 4 * 65_536 - 1).kind).toBe('value');
    expect(run.call('poke', 4 * 65_536)).toEqual({ kind: 'trap', why: 'out of bounds' });
  }
});

test('the result tells how much memory to set aside', () => {
  const still = assemble('(memory 1 9) (func (export "size") (result i32) memory.size)');
  expect(transformed(still, { window: true })).toMatchObject({
    initialPages: 1,
    maxPages: 1,
    memoryGrows: false,
  });
  const growing = assemble(`(memory 1 9) ${growth}`);
  expect(transformed(growing, { window: true })).toMatchObject({
    initialPages: 1,
    maxPages: 4,
    memoryGrows: true,
  });
});

const bulk = `(memory (export "memory") 1 3) (data $text "continuum") (data (i32.const 16) "placed")
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32) (memory.init $text (local.get 0) (local.get 1) (local.get 2)))
  (func (export "again") (param i32 i32 i32) (memory.init 1 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "drop") (data.drop $text))`;
const bulkCalls: Call[] = [
  ['init', 0, 0, 9],
  ['copy', 4, 0, 9],
  ['copy', 0, 4, 9],
  ['fill', 100, 0x1ff, 50],
  ['copy', 65_527, 0, 9],
  ['fill', 65_536, 1, 0],
  ['fill', 65_537, 1, 0],
  ['fill', 65_535, 1, 1],
  ['fill', 65_535, 1, 2],
  ['fill', 1, 1, -1],
  ['fill', -1, 1, 1],
  ['fill', -1, 1, 2],
  ['copy', 65_536, 0, 0],
  ['copy', 0, 65_536, 0],
  ['copy', 65_537, 0, 0],
  ['copy', 0, 65_537, 0],
  ['copy', 0, 65_530, 9],
  ['copy', 65_530, 0, 9],
  ['copy', 0, -4, 8],
  ['init', 65_536, 0, 0],
  ['init', 65_537, 0, 0],
  ['init', 65_530, 0, 9],
  ['init', 0, 9, 0],
  ['init', 0, 10, 0],
  ['init', 0, 1, 9],
  ['again', 0, 0, 0],
  ['again', 0, 0, 1],
  ['drop'],
  ['init', 0, 0, 0],
  ['init', 0, 0, 1],
];

test('bulk operations agree at the limit, with no length, overlapping, and after a segment is dropped', () => {
  expectSame(bulk, bulkCalls);
});

test('bulk operations agree in a memory that grows', () => {
  const grown: Call[] = [
    ['grow', 1],
    ['fill', 65_535, 7, 2],
    ['fill', 131_071, 7, 2],
    ['copy', 131_072, 0, 0],
  ];
  expectSame(`${bulk} ${growth}`, [...bulkCalls, ...grown]);
});

test('data segments are placed in order, the later over the earlier, from constants and imported globals', () => {
  const at = new WebAssembly.Global({ value: 'i32', mutable: false }, 40);
  expectSame(
    `(import "env" "at" (global $at i32)) (memory (export "memory") 1)
     (data (i32.const 0) "abcdef") (data (i32.const 3) "XYZ") (data (global.get $at) "here")
     (data (i32.const 65535) "z") (data (i32.const 65536) "")
     (func (export "peek") (param i32) (result i32) (i32.load (local.get 0)))`,
    [
      ['peek', 0],
      ['peek', 3],
      ['peek', 40],
      ['peek', 65_532],
    ],
    { env: { at } },
  );
});

test.each([
  ['past the end', '(data (i32.const 65535) "ab")'],
  ['before the beginning', '(data (i32.const -1) "a")'],
  ['empty, but past the end', '(data (i32.const 65537) "")'],
  ['longer than the memory', `(data (i32.const 0) "${'a'.repeat(65_537)}")`],
])('a data segment that lies %s stops the guest from starting, and no neighbour is written', (_, data) => {
  const bytes = assemble(`(memory (export "memory") 1) (data (i32.const 8) "first") ${data} ${growth}`);
  expect(() => runOriginal(bytes)).toThrow();
  expect(() => runWindowed(bytes)).toThrow(WebAssembly.RuntimeError);
  const still = assemble(`(memory (export "memory") 1) (data (i32.const 8) "first") ${data}`);
  expect(() => runWindowed(still)).toThrow(WebAssembly.RuntimeError);
});

test('the start function runs after the data is placed', () => {
  expectSame(
    `(memory (export "memory") 1) (data (i32.const 0) "\\05") (global $seen (mut i32) (i32.const 0))
     (func $begin (local i32) (local.set 0 (i32.load8_u (i32.const 0)))
       (loop $l (global.set $seen (i32.add (global.get $seen) (i32.const 2)))
         (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))) (start $begin)
     (func (export "seen") (result i32) (global.get $seen))`,
    [['seen']],
  );
});

test('a start function that never ends is stopped', () => {
  const bytes = assemble('(memory 1) (func $begin (loop (br 0))) (start $begin) (data (i32.const 0) "x")');
  expect(() => runWindowed(bytes)).toThrow(WebAssembly.RuntimeError);
  expect(() => runMetered(bytes)).toThrow(WebAssembly.RuntimeError);
});

test('a module without memory, and one without anything, pass', () => {
  expectSame('(func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))', [
    ['add', 2, 3],
  ]);
  expectSame('', []);
  expectSame('(memory (export "memory") 1) (data (i32.const 4) "only data")', []);
});
