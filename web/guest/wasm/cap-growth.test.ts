/** A capped module is the module that came, but for how far it may grow. */
import { expect, test } from 'vitest';
import { capGrowth } from './cap-growth.ts';
import { UnsupportedFeatureError } from './invalid-module.ts';
import { readModule } from './read-module.ts';
import { assemble } from './testing/assemble.ts';

const MAX_PAGES = 3;
const MAX_ENTRIES = 65_536;

/** What `memory.grow` and `table.grow` answer to one more than may be, then to as much as may be. */
function growth(bytes: Uint8Array<ArrayBuffer>): { pages: number[]; entries: number[] } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { grow, growTable } = exports as Record<string, (by: number) => number>;
  return { pages: [grow(MAX_PAGES), grow(MAX_PAGES - 1)], entries: [growTable(MAX_ENTRIES), growTable(MAX_ENTRIES - 4)] };
}

const module = (memory: string, table: string) =>
  assemble(`(memory ${memory}) (table ${table} funcref) (elem (i32.const 0) $grow) (data (i32.const 8) "kept")
    (func $grow (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "growTable") (param i32) (result i32) (table.grow (ref.null func) (local.get 0)))
    (func (export "lanes") (result i32) (i32x4.extract_lane 1 (v128.load (i32.const 4))))`);

test.each([
  ['without limits of its own', '1', '4'],
  ['with higher ones', '1 1000', '4 1000000'],
])('a module %s grows to what a guest may have, and no further', (_, memory, table) => {
  const came = module(memory, table);
  expect(growth(came)).toEqual({ pages: [1, 4], entries: [4, 4 + MAX_ENTRIES] });
  expect(growth(capGrowth(came, MAX_PAGES))).toEqual({ pages: [-1, 1], entries: [-1, 4] });
});

test('lower limits of its own stay', () => {
  expect(growth(capGrowth(module('1 2', '4 5'), MAX_PAGES))).toEqual({ pages: [-1, -1], entries: [-1, -1] });
});

test.each([
  ['plain', '(memory 1)', { min: 1, max: MAX_PAGES, shared: false, wide: false }],
  ['shared', '(memory 1 9 shared)', { min: 1, max: MAX_PAGES, shared: true, wide: false }],
  ['of 64-bit addresses', '(memory i64 1 9)', { min: 1, max: MAX_PAGES, shared: false, wide: true }],
  // Whoever loads it refuses that.
  ['larger from the beginning', '(memory 5)', { min: 5, max: 5, shared: false, wide: false }],
])('the limits of a memory that is %s', (_, text, limits) => {
  expect(readModule(capGrowth(assemble(text), MAX_PAGES)).memories).toEqual([limits]);
});

test('all else is the same bytes, custom sections included', () => {
  const plain = assemble('(func (export "f") (param i32) (result i32) (local.get 0))', { names: true });
  expect(capGrowth(plain, MAX_PAGES)).toEqual(plain);
});

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** 65,536 in LEB128. */
const most = [0x80, 0x80, 4];

test.each([
  ['a reference of a form that came with garbage collection', [0x63, 0x6e, 0, 7], [0x63, 0x6e, 1, 7, ...most]],
  ['one of its short forms', [0x6e, 0, 7], [0x6e, 1, 7, ...most]],
  ['a first value', [0x40, 0, 0x64, 0x70, 0, 7, 0xd2, 0, 0x0b], [0x40, 0, 0x64, 0x70, 1, 7, ...most, 0xd2, 0, 0x0b]],
  ['64-bit indices', [0x70, 5, 7, 9], [0x70, 5, 7, 9]],
])('a table of %s is capped, too', (_, came, capped) => {
  const bytes = Uint8Array.of(...header, 4, came.length + 1, 1, ...came, 0, 2, 1, 0x78);
  expect([...capGrowth(bytes, MAX_PAGES)]).toEqual([...header, 4, capped.length + 1, 1, ...capped, 0, 2, 1, 0x78]);
});

test('a table whose first value is not known is told by its feature: it could not be kept in bounds', () => {
  const bytes = Uint8Array.of(...header, 4, 11, 1, 0x40, 0, 0x6e, 0, 7, 0x41, 1, 0xfb, 0x1c, 0x0b);
  expect(() => capGrowth(bytes, MAX_PAGES)).toThrow(UnsupportedFeatureError);
});
