/** Bodies and what they cost by the rule of the meter, for our own meter and for another's. */

export type CostCase = [
  title: string,
  body: string,
  instructions: number,
  /** Bytes, table entries or pages that bulk operations in it touch: implementations differ in what they charge. */
  bulk?: number,
];

/** A module whose `go` has the body. */
export function costModule(body: string): string {
  return `(module (memory (export "memory") 1 4) (table $t 40 60 funcref) (type $plain (func)) (data $d "abcdefghijklmnopqrstuvwxyz")
    (elem (i32.const 0) $inner $inner) (elem $e func $inner $inner $inner) (global $g (mut i32) (i32.const 5))
    (func $inner (drop (i32.const 1)) (drop (i32.const 2)))
    (func $two (result i32 i32) (i32.const 3) (i32.const 4))
    (func (export "go") (param i32) ${body}))`;
}

export const costCases: CostCase[] = [
  ['an empty function costs its entry', '', 1],
  ['nop, drop, block, loop and end are free', 'nop (block (loop (drop (i32.const 1))))', 2],
  ['plain instructions cost one each', '(drop (i32.add (i32.const 1) (i32.const 2)))', 4],
  ['an unused argument still costs', '(drop (local.get 0))', 2],
  ['return is free and what follows it does not count', 'return (drop (i32.const 1))', 1],
  ['br costs one', '(block (br 0) (drop (i32.const 1)))', 2],
  ['if costs one, a taken arm its own', '(if (i32.const 1) (then (drop (i32.const 1))) (else nop))', 4],
  ['the other arm', '(if (i32.const 0) (then (drop (i32.const 1))) (else nop))', 3],
  ['br_if costs one, taken', '(block (br_if 0 (i32.const 1)) (drop (i32.const 1)))', 3],
  ['br_if costs one, not taken', '(block (br_if 0 (i32.const 0)) (drop (i32.const 1)))', 4],
  ['br_table costs one', '(block (block (br_table 0 1 (i32.const 1)) ) (drop (i32.const 1)))', 3],
  ['a call costs one and the entry of its target', '(call $inner)', 1 + 1 + 1 + 2],
  ['a load costs what it did before', '(drop (i32.load (i32.const 8)))', 3],
  ['a store too', '(i64.store (i32.const 8) (i64.const 1))', 4],
  ['memory.size and memory.grow', '(drop (memory.grow (memory.size)))', 3, 1],
  ['an indirect call costs as much as a call', '(call_indirect (type $plain) (i32.const 1))', 1 + 2 + 1 + 2],
  ['a call with two results', '(call $two) drop drop', 1 + 1 + 1 + 2],
  ['select, typed or not', '(drop (select (i32.const 1) (i32.const 2) (select (result i32) (i32.const 3) (i32.const 4) (i32.const 5))))', 9 - 1],
  ['globals', '(global.set $g (i32.add (global.get $g) (i32.const 1)))', 5],
  ['a block with parameters and results', '(i32.const 1) (block (param i32) (result i32 i32) (i32.const 2)) drop drop', 3],
  ['a branch with a value out of nested blocks', '(drop (block (result i32) (block (br 1 (i32.const 1))) (i32.const 2)))', 3],
  ['br_table with a value, by its default', '(drop (block (result i32) (br_table 0 0 (i32.const 1) (i32.const 9))))', 4],
  ['a return out of a loop in a block', '(block (loop (if (i32.const 1) (then (return))) (br 0)))', 3],
  ['code after a branch', '(block (br 0) (drop (i32.const 1)) (loop (br 0))) (drop (i32.const 1))', 3],
  ['an if whose arms both leave', '(block (if (i32.const 0) (then (br 1)) (else (br 1))) (drop (i32.const 1)))', 4],
  ['saturating conversions', '(drop (i32.trunc_sat_f64_s (f64.const 1e10)))', 3],
  ['references', '(drop (ref.is_null (table.get $t (i32.const 0)))) (table.set $t (i32.const 3) (ref.func $inner))', 7],
  ['table.size and table.grow by nothing', '(drop (table.grow $t (ref.null func) (i32.const 0))) (drop (table.size $t))', 5],
  ['dropping segments', '(data.drop $d) (elem.drop $e)', 3],
  ['memory.size and memory.grow by nothing', '(drop (memory.grow (i32.const 0))) (drop (memory.size))', 4],
  ['a short fill is one instruction', '(memory.fill (i32.const 0) (i32.const 0) (i32.const 15))', 5, 15],
  [
    'a long one costs one more for each 16 bytes',
    '(memory.fill (i32.const 0) (i32.const 0) (i32.const 65536))',
    5 + 4096,
    65_536,
  ],
  ['so does a copy', '(memory.copy (i32.const 0) (i32.const 9) (i32.const 160))', 5 + 10, 160],
  ['so does what comes from a segment', '(memory.init $d (i32.const 0) (i32.const 2) (i32.const 20))', 5 + 1, 20],
  ['and what fills a table', '(table.fill $t (i32.const 0) (ref.null func) (i32.const 33))', 5 + 2, 33],
  ['and what copies in it', '(table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 16))', 5 + 1, 16],
  ['and what comes from an element segment', '(table.init $t $e (i32.const 5) (i32.const 0) (i32.const 3))', 5, 3],
];
