/** The meter is what virtual CPU time and energy are made of, and what stops a guest that never pauses. */
import { expect, test, vi } from 'vitest';
import { assemble } from './testing/assemble.ts';
import { costCases, costModule } from './testing/cost-cases.ts';
import { plenty, runMetered, runWindowed, type MeteredRun } from './testing/differential.ts';
import { trapCodes } from './transformed-names.ts';

// Many modules are compiled: on a busy machine that is seconds.
vi.setConfig({ testTimeout: 30_000 });

function bothRuns(text: string): MeteredRun[] {
  const bytes = assemble(`(memory 1 4) ${text}`);
  return [runMetered(bytes), runWindowed(bytes)];
}

test.each(costCases)('%s', (_, body, expected) => {
  const bytes = assemble(costModule(body));
  for (const run of [runMetered(bytes), runWindowed(bytes)]) {
    expect(run.cost('go', 0)).toBe(expected);
  }
});

test('a loop of n rounds costs n times its body', () => {
  const text = `(func (export "go") (param i32) (result i32) (local i32)
    (loop $l
      (local.set 1 (i32.add (local.get 1) (local.get 0)))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1))`;
  // Entry 1; four in the sum, four in the count and one branch a round; one for the result.
  for (const run of bothRuns(text)) {
    for (const rounds of [1, 2, 10, 1000]) expect(run.cost('go', rounds)).toBe(1 + 9 * rounds + 1);
  }
});

test('a host function sees how far the guest has come, its own call included', () => {
  const bytes = assemble(
    `(import "env" "look" (func $look)) (memory 1)
     (func (export "go") (drop (i32.const 1)) (call $look) (drop (i32.const 1)) (call $look))`,
  );
  for (const start of [runMetered, runWindowed]) {
    const seen: unknown[] = [];
    const run: MeteredRun = start(bytes, { env: { look: () => void seen.push(run.fuel.value) } });
    run.call('go');
    expect(seen).toEqual([plenty - 3, plenty - 5]);
  }
});

test.each([
  ['an empty loop', '(loop $l (br $l))'],
  ['a loop whose branch is nested', '(loop $l (block (block (br_table 0 1 2 (i32.const 2)))) (br $l))'],
  ['a loop that calls', '(loop $l (call $leaf) (br $l))'],
  ['a loop by br_if', '(loop $l (br_if $l (i32.const 1)))'],
  ['a loop of large fills', '(loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $l))'],
])('%s is stopped when the fuel is used up', (_, body) => {
  for (const run of bothRuns(`(func $leaf) (func (export "go") ${body})`)) {
    run.fuel.value = 1_000_000;
    expect(run.instance.exports.go).toThrow(WebAssembly.RuntimeError);
    expect(run.trap.value).toBe(trapCodes.outOfFuel);
    expect(run.fuel.value).toBeLessThan(0);
    expect(run.fuel.value).toBeGreaterThan(-5000);
  }
});

test('a recursion is stopped, and the guest can be called again', () => {
  const text = `(func $deep (export "go") (param i32) (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))))`;
  for (const run of bothRuns(text)) {
    run.fuel.value = 1000;
    expect(() => (run.instance.exports.go as (depth: number) => void)(5000)).toThrow(
      WebAssembly.RuntimeError,
    );
    expect(run.trap.value).toBe(trapCodes.outOfFuel);
    expect(run.call('go', 100)).toEqual({ kind: 'value', value: undefined });
  }
});

test('work that exactly uses up the fuel is let through', () => {
  const text = '(func $leaf) (func (export "go") (call $leaf) (call $leaf))';
  for (const run of bothRuns(text)) {
    const go = run.instance.exports.go as () => void;
    run.fuel.value = 5;
    expect(go).not.toThrow();
    expect(run.fuel.value).toBe(0);
    run.fuel.value = 2;
    expect(go).toThrow(WebAssembly.RuntimeError);
  }
});

test('a bulk operation larger than the fuel left is the last thing a guest does', () => {
  const text = `(global $after (mut i32) (i32.const 0)) (func (export "after") (result i32) (global.get $after))
    (func (export "go") (memory.fill (i32.const 0) (i32.const 7) (i32.const 65536)) (global.set $after (i32.const 1)))`;
  for (const run of bothRuns(text)) {
    run.fuel.value = 100;
    expect(run.instance.exports.go).toThrow(WebAssembly.RuntimeError);
    expect(run.trap.value).toBe(trapCodes.outOfFuel);
    expect(run.call('after')).toEqual({ kind: 'value', value: 0 });
  }
});
