/** When a guest is stopped: the host must find what it had done, what it had retired, and nothing gone too far. */
import { describe, expect, test } from 'vitest';
import { assemble } from './testing/assemble.ts';
import { plenty, runMetered, runWindowed, type MeteredRun } from './testing/differential.ts';
import { expectSame } from './testing/expect-same.ts';
import { trapCodes } from './transformed-names.ts';

const both = (text: string, imports: () => WebAssembly.Imports = () => ({})): MeteredRun[] =>
  [runMetered, runWindowed].map((start) => start(assemble(text), imports()));

/** Ten rounds cost 1 + 1 + 10 x 5 before what comes last. */
const rounds = `(local.set $i (i32.const 10))
  (loop $l (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))`;
const before = 1 + 2 + 10 * 5;

test.each([
  ['unreachable', 'unreachable', 0],
  ['a division by zero', '(drop (i32.div_u (i32.const 1) (i32.const 0)))', 0],
  ['a division that overflows', '(drop (i64.div_s (i64.const -9223372036854775808) (i64.const -1)))', 0],
  ['a remainder by zero', '(drop (i64.rem_s (i64.const 1) (i64.const 0)))', 0],
  ['a float that is no integer', '(drop (i32.trunc_f64_s (f64.const nan)))', 0],
  ['a float too large', '(drop (i64.trunc_f32_u (f32.const 1e30)))', 0],
  ['a load out of bounds', '(drop (i32.load (i32.const 65533)))', 0],
  ['a store out of bounds', '(i64.store offset=4294967295 (i32.const 0) (i64.const 1))', 0],
  ['a fill out of bounds', '(memory.fill (i32.const 65536) (i32.const 1) (i32.const 1))', 0],
  ['a copy out of bounds', '(memory.copy (i32.const 0) (i32.const 65536) (i32.const 1))', 0],
  ['a segment out of bounds', '(memory.init $d (i32.const 0) (i32.const 4) (i32.const 1))', 0],
  ['table.get out of bounds', '(drop (table.get $t (i32.const 4)))', 0],
  ['table.set out of bounds', '(table.set $t (i32.const 4) (ref.null func))', 0],
  ['table.fill out of bounds', '(table.fill $t (i32.const 4) (ref.null func) (i32.const 1))', 0],
  ['table.init out of bounds', '(table.init $t $e (i32.const 0) (i32.const 1) (i32.const 1))', 0],
  ['table.copy out of bounds', '(table.copy $t $t (i32.const 4) (i32.const 0) (i32.const 1))', 0],
  // Its index and itself are charged, as a call's are.
  ['call_indirect of nothing', '(call_indirect (type $plain) (i32.const 3))', 2],
  ['call_indirect of another type', '(call_indirect (type $plain) (i32.const 0))', 2],
  ['call_indirect out of bounds', '(call_indirect (type $plain) (i32.const 4))', 2],
])('after %s the rounds before it are on the meter, three calls deep', (_, last, charged) => {
  const text = `(memory (export "memory") 1) (table $t 4 funcref) (type $plain (func)) (elem (i32.const 0) $other)
    (elem $e func $other) (data $d "data") (global $g (export "g") (mut i32) (i32.const 0))
    (func $other (result i32) (i32.const 1))
    (func $deep (local $i i32) (global.set $g (i32.const 7)) (i32.store (i32.const 0) (i32.const 9)) ${rounds} ${last})
    (func $middle (call $deep) (i32.store (i32.const 4) (i32.const 1)))
    (func (export "go") (call $middle) (global.set $g (i32.const 1)))
    (func (export "seen") (result i32) (i32.add (global.get $g) (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 4)))))`;
  expectSame(text, [['go'], ['seen'], ['go']]);
  for (const run of both(text)) {
    expect(run.call('go').kind).toBe('trap');
    // Two functions and their calls, the global and the store, the rounds.
    expect(plenty - (run.fuel.value as number)).toBe(4 + 5 + before + charged);
    expect(run.call('seen')).toEqual({ kind: 'value', value: 16 });
  }
});

describe('a guest goes no further below zero than one function body', () => {
  test('when a deep recursion returns', () => {
    const tail = '(drop (i32.add (i32.const 1) (i32.const 2)))'.repeat(20);
    const text = `(memory 1) (func $deep (export "go") (param i32)
      (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))) ${tail})`;
    for (const run of both(text)) {
      const whole = run.cost('go', 1000);
      for (const budget of [whole - 1, whole - 30_000, 20_000, 9000]) {
        run.fuel.value = budget;
        run.trap.value = trapCodes.none;
        try {
          (run.instance.exports.go as (depth: number) => void)(1000);
        } catch {
          expect(run.trap.value).toBe(trapCodes.outOfFuel);
        }
        expect(run.fuel.value).toBeLessThan(0);
        expect(run.fuel.value).toBeGreaterThanOrEqual(-(7 + 60));
      }
    }
  });

  test('when it calls the host again and again', () => {
    const calls = '(call $host)'.repeat(50);
    const text = `(import "env" "host" (func $host)) (memory 1) (func (export "go") ${calls})`;
    for (const start of [runMetered, runWindowed]) {
      let called = 0;
      const run: MeteredRun = start(assemble(text), { env: { host: () => (called++, (run.fuel.value = 0)) } });
      run.fuel.value = 10;
      (run.instance.exports.go as () => void)();
      expect(called).toBe(50);
      const taken: MeteredRun = start(assemble(text), { env: { host: () => (called++, (taken.fuel.value = -1)) } });
      taken.fuel.value = 1000;
      expect(taken.instance.exports.go).toThrow(WebAssembly.RuntimeError);
      expect(taken.trap.value).toBe(trapCodes.outOfFuel);
      expect(called).toBe(51);
    }
  });
});

test('a host that refuels during a call, as when a guest slept, begins a new budget', () => {
  const text = `(import "env" "sleep" (func $sleep)) (memory 1)
    (func (export "go") (local $i i32) ${rounds} (call $sleep) ${rounds})`;
  for (const start of [runMetered, runWindowed]) {
    const run: MeteredRun = start(assemble(text), {
      env: {
        sleep: () => {
          expect(run.fuel.value).toBe(100 - before - 1);
          run.fuel.value = 100;
        },
      },
    });
    run.fuel.value = 100;
    (run.instance.exports.go as () => void)();
    expect(run.fuel.value).toBe(100 - (before - 1));
  }
});

test('what the host calls in the guest meanwhile is on the same meter', () => {
  const text = `(import "env" "back" (func $back)) (memory 1) (func (export "inner") (local $i i32) ${rounds})
    (func (export "go") (drop (i32.const 1)) (call $back) (drop (i32.const 1)))`;
  for (const start of [runMetered, runWindowed]) {
    const run: MeteredRun = start(assemble(text), { env: { back: () => (run.instance.exports.inner as () => void)() } });
    expect(run.cost('go')).toBe(1 + 1 + 1 + before + 1);
  }
});

test('functions that are left by a branch keep their results and their count', () => {
  const text = `(memory (export "memory") 1)
    (func (export "one") (param i32) (result i32 i64) (local $i i32) ${rounds}
      (block (i32.const 5) (i64.const 6) (br_if 1 (local.get 0)) drop drop) (i32.const 7) (i64.const 8))
    (func (export "many") (param i32) (result i32)
      (block (result i32) (block (result i32) (br_table 0 2 1 (i32.const 20) (local.get 0)) ) (i32.add (i32.const 1))) (i32.add (i32.const 2)))
    (func (export "plain") (result i32) (loop (br 1 (i32.const 9))) (i32.const 1))`;
  expectSame(text, [['one', 0], ['one', 1], ['many', 0], ['many', 1], ['many', 2], ['plain']]);
  for (const run of both(text)) {
    expect(run.cost('one', 0)).toBe(before + 4 + 2);
    expect(run.cost('one', 1)).toBe(before + 4);
    expect([0, 1, 2].map((label) => run.cost('many', label))).toEqual([8, 4, 6]);
    expect(run.cost('plain')).toBe(3);
  }
});

test.each([
  ['an element segment', '(elem (i32.const 3) $f $f)'],
  ['an element segment of none, past the end', '(elem (i32.const 5))'],
])('%s that does not fit stops the guest from starting', (_, segment) => {
  const bytes = assemble(`(memory 1) (table 4 funcref) (func $f) (data (i32.const 0) "x") ${segment}`);
  expect(() => new WebAssembly.Instance(new WebAssembly.Module(bytes))).toThrow(WebAssembly.RuntimeError);
  for (const start of [runMetered, runWindowed]) expect(() => start(bytes)).toThrow(WebAssembly.RuntimeError);
});

test('a start function that traps stops the guest from starting', () => {
  const bytes = assemble('(memory 1) (data (i32.const 0) "x") (func $begin (drop (i32.load (i32.const -4)))) (start $begin)');
  for (const start of [runMetered, runWindowed]) expect(() => start(bytes)).toThrow(WebAssembly.RuntimeError);
});
