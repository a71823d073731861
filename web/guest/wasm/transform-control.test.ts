/** Control flow, globals and tables must survive the rewriting: a guest that takes another branch waters another field. */
import { expect, test } from 'vitest';
import { assemble } from './testing/assemble.ts';
import { runMetered, runWindowed, transformed, turn } from './testing/differential.ts';
import { turnExports } from './transformed-names.ts';
import { expectSame, type Call } from './testing/expect-same.ts';

const memory = '(memory (export "memory") 1)';
const each = (name: string, values: number[]): Call[] => values.map((value) => [name, value]);

test('nested blocks, if and else with results take the same path', () => {
  expectSame(
    `${memory} (func (export "grade") (param i32) (result i32)
      (block $out (result i32)
        (if (result i32) (i32.lt_s (local.get 0) (i32.const 10))
          (then (block $in (result i32)
            (drop (br_if $out (i32.const 1) (i32.eqz (local.get 0))))
            (if (i32.eq (local.get 0) (i32.const 5)) (then (return (i32.const 55))))
            (br_if $in (i32.const 2) (i32.eq (local.get 0) (i32.const 2)))
            drop (i32.load8_u (local.get 0))))
          (else (if (i32.gt_s (local.get 0) (i32.const 20)) (then unreachable))
            (br $out (i32.const 3))))))`,
    each('grade', [0, 1, 2, 5, 9, 10, 20, 21, -1]),
  );
});

test('br_table picks the same label, with values and to the function itself', () => {
  expectSame(
    `${memory} (func (export "pick") (param i32) (result i32)
      (block $a (result i32) (block $b (result i32) (block $c (result i32)
        (br_table $c $b $a 3 $b (i32.const 7) (local.get 0)))
        (i32.add (i32.const 100))) (i32.add (i32.const 1000))) (i32.add (i32.const 10000)))`,
    each('pick', [0, 1, 2, 3, 4, 100, -1]),
  );
});

test('code that cannot be reached is left out without breaking what is around it', () => {
  expectSame(
    `${memory}
     (func (export "loop") (param i32) (result i32)
       (loop $again (br_if $again (i32.eqz (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
         (return (local.get 0)) (block (br 0) (if (i32.const 1) (then (nop)) (else (nop)))) unreachable)
       (i32.const 9))
     (func (export "forever") (param i32) (result i32)
       (block $out (loop $l (br_if $out (local.get 0)) (local.set 0 (i32.const 1)) (br $l)) (drop (i32.load (i32.const -1))))
       (i32.const 4))
     (func (export "both") (param i32) (result i32)
       (if (local.get 0) (then (return (i32.const 1))) (else (return (i32.const 2)))) (i32.const 3))
     (func (export "dead") (result i32) (block (result i32) (unreachable) (i32.const 1) (br 0)))
     (func (export "past") (param i32) (result i64) (i64.store offset=65530 (local.get 0) (i64.const 1)) (i64.const 5))`,
    [...each('loop', [1, 2, 5]), ...each('forever', [0, 1]), ...each('both', [0, 1]), ['dead'], ['past', 0]],
  );
});

test('blocks, loops and functions with several parameters and results', () => {
  expectSame(
    `${memory}
     (func $swap (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
     (func (export "both") (param i32) (result i64 i32) (call $swap (local.get 0) (i64.const 7)))
     (func (export "count") (param i32) (result i32 i32)
       (i32.const 0) (local.get 0)
       (loop $l (param i32 i32) (result i32 i32)
         (local.set 0) (i32.add (i32.const 2)) (i32.sub (local.get 0) (i32.const 1))
         (local.tee 0) (br_if $l (local.get 0)))
       (if (param i32 i32) (result i32 i32) (i32.const 1) (then (i32.add) (i32.load8_u (i32.const 3))) (else)))`,
    [...each('both', [3]), ...each('count', [1, 5])],
  );
});

test('indirect calls reach the same functions, and trap alike', () => {
  expectSame(
    `${memory} (type $f (func (param i32) (result i32))) (table 5 funcref) (elem (i32.const 1) $double $square $other)
     (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
     (func $square (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))
     (func $other (result i32) (i32.const 1))
     (func (export "call") (param i32) (result i32) (call_indirect (type $f) (i32.const 9) (local.get 0)))`,
    each('call', [0, 1, 2, 3, 4, 5, -1]),
  );
});

test('reference tables: get, set, grow, size, fill, copy, init and drop', () => {
  expectSame(
    `${memory} (table $f (export "f") 4 10 funcref) (table $x 3 externref) (type $v (func (result i32)))
     (func $one (result i32) (i32.const 1)) (func $two (result i32) (i32.const 2)) (elem declare func $two)
     (elem $passive func $one $two) (elem $exprs funcref (ref.null func) (ref.func $one))
     (func (export "set") (param i32) (table.set $f (local.get 0) (ref.func $two)))
     (func (export "call") (param i32) (result i32) (call_indirect $f (type $v) (local.get 0)))
     (func (export "init") (param i32 i32 i32) (table.init $f $passive (local.get 0) (local.get 1) (local.get 2)))
     (func (export "exprs") (param i32 i32 i32) (table.init $f $exprs (local.get 0) (local.get 1) (local.get 2)))
     (func (export "drop") (elem.drop $passive))
     (func (export "grow") (param i32) (result i32) (table.grow $f (ref.func $one) (local.get 0)))
     (func (export "size") (result i32) (table.size $f))
     (func (export "fill") (param i32 i32) (table.fill $f (local.get 0) (ref.null func) (local.get 1)))
     (func (export "copy") (param i32 i32 i32) (table.copy $f $f (local.get 0) (local.get 1) (local.get 2)))
     (func (export "keep") (param externref) (table.set $x (i32.const 1) (local.get 0)))
     (func (export "kept") (result externref) (table.get $x (i32.const 1)))
     (func (export "none") (result i32) (ref.is_null (select (result externref) (ref.null extern) (table.get $x (i32.const 1)) (i32.const 1))))`,
    [
      ['set', 0],
      ['call', 0],
      ['call', 1],
      ['init', 1, 0, 2],
      ['call', 1],
      ['call', 2],
      ['init', 3, 0, 2],
      ['exprs', 2, 0, 2],
      ['call', 2],
      ['call', 3],
      ['drop'],
      ['init', 0, 0, 0],
      ['init', 0, 0, 1],
      ['grow', 2],
      ['size'],
      ['call', 5],
      ['grow', 99],
      ['copy', 0, 3, 2],
      ['call', 1],
      ['fill', 0, 3],
      ['call', 0],
      ['fill', 6, 0],
      ['fill', 7, 0],
      ['keep', 12],
      ['kept'],
      ['none'],
    ],
  );
});

test('globals keep their values although an imported one moves them', () => {
  const imports = () => ({
    env: {
      a: new WebAssembly.Global({ value: 'i32', mutable: false }, 11),
      b: new WebAssembly.Global({ value: 'i64', mutable: true }, 22n),
    },
  });
  const text = `(import "env" "a" (global $a i32)) (import "env" "b" (global $b (mut i64))) ${memory}
     (global $c (mut i32) (global.get $a)) (global $d i64 (i64.const -5)) (global $e (mut f32) (f32.const 1.5))
     (global $f (mut f64) (f64.const 2.5)) (global $g funcref (ref.func $sum)) (global $h (export "h") i32 (i32.const 77))
     (table (export "t") 12 funcref) (elem (global.get $a) $sum)
     (func $sum (export "sum") (result i64)
       (global.set $c (i32.add (global.get $c) (i32.const 1))) (global.set $b (i64.add (global.get $b) (global.get $d)))
       (global.set $e (f32.add (global.get $e) (f32.const 1))) (global.set $f (f64.add (global.get $f) (f64.const 1)))
       (i64.add (i64.extend_i32_s (global.get $c)) (i64.add (global.get $b)
         (i64.add (i64.trunc_f32_s (global.get $e)) (i64.trunc_f64_s (global.get $f))))))
     (func (export "null") (result i32) (ref.is_null (global.get $g)))`;
  expectSame(text, [['null']], imports());
  const windowed = runWindowed(assemble(text), imports());
  expect(windowed.call('sum')).toEqual({ kind: 'value', value: 12n + 17n + 2n + 3n });
  expect((windowed.instance.exports.h as WebAssembly.Global).value).toBe(77);
  expect((windowed.instance.exports.t as WebAssembly.Table).get(11)).toBe(windowed.instance.exports.sum);
});

test('sign extension and saturating conversions give the same numbers', () => {
  const conversions = ['i32.trunc_sat_f64_s', 'i32.trunc_sat_f64_u'].map(
    (op) => `(func (export "${op}") (param f64) (result i32) (${op} (local.get 0)))`,
  );
  const extensions = ['i32.extend8_s', 'i32.extend16_s'].map(
    (op) => `(func (export "${op}") (param i32) (result i32) (${op} (local.get 0)))`,
  );
  const wide = ['i64.extend8_s', 'i64.extend16_s', 'i64.extend32_s'].map(
    (op) => `(func (export "${op}") (param i64) (result i64) (${op} (local.get 0)))`,
  );
  const floats = [0, -1.5, NaN, Infinity, -Infinity, 1e10];
  expectSame(`${memory} ${conversions.join()} ${extensions.join()} ${wide.join()}`.replaceAll(',', ' '), [
    ...each('i32.trunc_sat_f64_s', floats),
    ...each('i32.trunc_sat_f64_u', floats),
    ...each('i32.extend8_s', [0x80, 0x7f, 0x180]),
    ...each('i32.extend16_s', [0x8000, 0x7fff]),
    ['i64.extend8_s', 0x80n],
    ['i64.extend16_s', 0x8000n],
    ['i64.extend32_s', 0x8000_0000n],
  ]);
});

test('functions of the host are called with the same arguments', () => {
  const seen: number[][] = [];
  const imports = { env: { tell: (a: number, b: number) => (seen.push([a, b]), a + b) } };
  expectSame(
    `(import "env" "tell" (func $tell (param i32 i32) (result i32))) ${memory}
     (func (export "go") (param i32) (result i32) (i32.store (i32.const 8) (local.get 0))
       (call $tell (i32.load (i32.const 8)) (memory.size)))`,
    each('go', [1, 2]),
    imports,
  );
  expect(seen).toEqual([
    [1, 1],
    [1, 1],
    [1, 1],
    [2, 1],
    [2, 1],
    [2, 1],
  ]);
});

test('two guests in one memory do not touch each other', () => {
  const bytes = assemble(
    `(memory 1) (data (i32.const 0) "seed")
     (func (export "scribble") (param i32) (local i32)
       (loop $l (i32.store (local.get 1) (local.get 0))
         (br_if $l (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 4))) (i32.const 65536)))))
     (func (export "sum") (result i32) (local i32 i32)
       (loop $l (local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 31)) (i32.load (local.get 0))))
         (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 4))) (i32.const 65536))))
       (local.get 1))`,
  );
  const module = new WebAssembly.Module(transformed(bytes, { window: true }).bytes);
  const shared = new WebAssembly.Memory({ initial: 3 });
  const guests = [0, 1, 2].map((window) => {
    const instance = new WebAssembly.Instance(module, { continuum: { memory: shared } });
    turn(instance, turnExports.begin)(window * 65_536, 1_000_000_000);
    return instance.exports as unknown as { scribble(value: number): void; sum(): number };
  });
  const before = guests.map((guest) => guest.sum());
  expect(new Set(before).size).toBe(1);
  guests[1]!.scribble(0x1234_5678);
  expect(guests[1]!.sum()).not.toBe(before[1]);
  expect([guests[0]!.sum(), guests[2]!.sum()]).toEqual([before[0], before[2]]);
});

test('the stack pointer and, without a window, the memory can be read by the host', () => {
  const bytes = assemble('(memory 1) (global $sp (mut i32) (i32.const 4096)) (func (export "go"))');
  for (const run of [runMetered(bytes), runWindowed(bytes)]) {
    expect((run.instance.exports['continuum:stack'] as WebAssembly.Global).value).toBe(4096);
  }
  expect(runMetered(bytes).instance.exports['continuum:memory']).toBeInstanceOf(WebAssembly.Memory);
});

test('function names survive, so that a fault can say where it was', () => {
  const bytes = assemble('(memory 1) (func $sound_the_alarm (export "go") unreachable)', { names: true });
  const run = runWindowed(bytes);
  expect(() => (run.instance.exports.go as () => void)()).toThrow(
    expect.objectContaining({ stack: expect.stringContaining('sound_the_alarm') as string }) as Error,
  );
});
