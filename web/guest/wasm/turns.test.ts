/** Guests that take turns in one instance must not know of each other: ten thousand fields would be watered by one. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assemble } from './testing/assemble.ts';
import { plenty, runSharing, transformed, type SharingRun } from './testing/differential.ts';

function sharing(text: string): SharingRun {
  const run = runSharing(assemble(text));
  if (!run) throw new Error('It cannot be shared.');
  return run;
}

const shareable = (text: string) => transformed(assemble(text), { window: true }).shareable;

/** What a guest of this kind would break for its fellows is in the instance itself. */
test.each([
  ['a table that it sets', '(memory 1) (table 1 funcref) (func (export "go") (table.set (i32.const 0) (ref.null func)))'],
  ['a table that it fills', '(memory 1) (table 1 funcref) (func (export "go") (table.fill (i32.const 0) (ref.null func) (i32.const 1)))'],
  ['a table that it grows', '(memory 1) (table 1 funcref) (func (export "go") (drop (table.grow (ref.null func) (i32.const 1))))'],
  ['elements that it drops', '(memory 1) (elem $e func) (func (export "go") (elem.drop $e))'],
  ['data that it drops', '(memory 1) (data $d "x") (func (export "go") (data.drop $d))'],
  ['data that it places itself', '(memory 1) (data $d "x") (func (export "go") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)))'],
  ['a reference in a global', '(memory 1) (global (mut externref) (ref.null extern))'],
  ['a global of the host\'s', '(import "env" "g" (global (mut i32))) (memory 1)'],
  ['a table of the host\'s', '(import "env" "t" (table 1 funcref)) (memory 1)'],
  ['more globals than the host has room for', `(memory 1) ${'(global (mut i64) (i64.const 0))'.repeat(3)}`],
  ['no memory, which a turn would be kept in', '(global (mut i32) (i32.const 0))'],
])('%s: an instance of its own', (_, text) => {
  expect(shareable(text)).toBe(false);
});

test.each([
  ['indirect calls', '(memory 1) (table 1 funcref) (elem (i32.const 0) $f) (func $f (export "go") (call_indirect (i32.const 0)))'],
  ['data and a start function', '(memory 1) (data (i32.const 8) "x") (func $s) (start $s)'],
  ['a table that code out of reach sets', '(memory 1) (table 1 funcref) (func unreachable (table.set (i32.const 0) (ref.null func)))'],
])('%s: one for all', (_, text) => {
  expect(shareable(text)).toBe(true);
});

test.each(['irrigation-c', 'irrigation-rust'])('%s shares, else a fleet of it needs an instance for each node', (name) => {
  const bytes = Uint8Array.from(readFileSync(new URL(`../modules/${name}.wasm`, import.meta.url)));
  expect(transformed(bytes, { window: true }).shareable).toBe(true);
});

const NAN_WITH_PAYLOAD = 0x7fa0_1234;

test.each([
  ['i32', 'i32.const -5', 'i32', -5, 7],
  ['i64', 'i64.const 0x0123456789abcdef', 'i64', 0x0123_4567_89ab_cdefn, -1n],
  ['f64', 'f64.const -0x1.8p-1060', 'f64', -1.5 * 2 ** -1060, 2.5],
] as const)('a global of type %s comes back as it was left', (type, initial, _, first, second) => {
  const run = sharing(
    `(memory 1) (global $g (mut ${type}) (${initial}))
     (func (export "get") (result ${type}) (global.get $g)) (func (export "set") (param ${type}) (global.set $g (local.get 0)))`,
  );
  run.aside(plenty, () => {
    expect(run.call('get')).toEqual({ kind: 'value', value: first });
    run.call('set', second);
  });
  expect(run.call('get')).toEqual({ kind: 'value', value: first });
  run.aside(plenty, () => expect(run.call('get')).toEqual({ kind: 'value', value: second }));
});

test('a float that is no number keeps its bits', () => {
  const run = sharing(
    `(memory 1) (global $g (mut f32) (f32.const 0))
     (func (export "get") (result i32) (i32.reinterpret_f32 (global.get $g)))
     (func (export "set") (param i32) (global.set $g (f32.reinterpret_i32 (local.get 0))))`,
  );
  run.call('set', NAN_WITH_PAYLOAD);
  run.aside(plenty, () => run.call('set', 0));
  expect(run.call('get')).toEqual({ kind: 'value', value: NAN_WITH_PAYLOAD });
});

test('the memory of one grows, that of the other does not', () => {
  const run = sharing(
    `(memory 1 2) (func (export "grow") (result i32) (memory.grow (i32.const 1))) (func (export "size") (result i32) (memory.size))
     (func (export "far") (result i32) (i32.load (i32.const 65536)))`,
  );
  expect(run.call('grow')).toEqual({ kind: 'value', value: 1 });
  run.aside(plenty, () => {
    expect(run.call('size')).toEqual({ kind: 'value', value: 1 });
    expect(run.call('far')).toEqual({ kind: 'trap', why: 'out of bounds' });
  });
  expect([run.call('size'), run.call('far')]).toEqual([{ kind: 'value', value: 2 }, { kind: 'value', value: 0 }]);
});

test('each has its data and has been through its start function', () => {
  const run = sharing(
    `(memory 1) (data (i32.const 0) "\\07") (global $starts (mut i32) (i32.const 0))
     (func $begin (global.set $starts (i32.add (global.get $starts) (i32.load8_u (i32.const 0)))) (i32.store8 (i32.const 0) (i32.const 9)))
     (start $begin)
     (func (export "starts") (result i32) (global.get $starts)) (func (export "data") (result i32) (i32.load8_u (i32.const 0)))`,
  );
  const seen = () => [run.call('starts'), run.call('data')];
  const expected = [{ kind: 'value', value: 7 }, { kind: 'value', value: 9 }];
  expect(seen()).toEqual(expected);
  run.aside(plenty, () => expect(seen()).toEqual(expected));
});

test('a trap of one is not laid at the door of the next', () => {
  const run = sharing('(memory 1) (func (export "far") (result i32) (i32.load (i32.const 70000))) (func (export "go"))');
  run.aside(plenty, () => run.call('far'));
  expect(run.trap.value).toBe(0);
  run.aside(3, () => undefined);
  expect(run.cost('go')).toBe(1);
});
