/** Guests that take time, stack and memory, and those that trap. */
import { both, plain, type HostileSource } from './source.ts';

const stopped = { mustStop: true, forms: both } as const;
const time = { ...stopped, group: 'time', contained: 'It is stopped while all others keep their time; nobody has to reload the page or restart the node.' } as const;
const stack = { ...stopped, group: 'stack', contained: 'The guest ends with a reason; the stack of its host and of its neighbours stays whole.' } as const;
const growth = { group: 'growth', mustStop: false, forms: both } as const;
const control = { ...stopped, group: 'control' } as const;
const call = '(call $deeper (i32.add (local.get $depth) (i32.const 1)))';
const endless = (body: string): { LOOP: string } => ({ LOOP: `(loop $again ${body} (br $again))` });

export const runningSources: readonly HostileSource[] = [
  {
    ...time,
    id: 'endless-loop',
    text: 'loop',
    title: 'Endless loop',
    tries: 'Computes for ever without calling its host, in loops of several shapes.',
    variants: [
      { id: 'plain', what: 'nothing in it', put: endless('') },
      { id: 'calls', what: 'with calls', put: endless('(call $nothing)') },
      { id: 'counts', what: 'counting by a conditional branch', put: { LOOP: '(loop $again (br_if $again (i32.ne (local.tee $count (i32.add (local.get $count) (i32.const 2))) (i32.const 1))))' } },
      { id: 'br-table', what: 'by br_table', put: { LOOP: '(loop $again (br_table $again $again $again (local.get $count)))' } },
      { id: 'nested', what: 'of loops in loops', put: endless('(loop $inner (br_if $inner (i32.rem_u (local.tee $count (i32.add (local.get $count) (i32.const 1))) (i32.const 1000))))') },
      { id: 'memory', what: 'filling its whole memory each time', put: endless('(memory.fill (i32.const 1024) (i32.const 1) (i32.const 64512))') },
      { id: 'grows', what: 'asking for memory each time', put: endless('(drop (memory.grow (i32.const 1)))') },
    ],
  },
  { ...time, forms: ['env'], id: 'endless-host-calls', text: 'loop', title: 'Endless host calls', tries: 'Calls its host for ever, but never a function that lets it rest.', variants: [
    { id: 'get-config', what: 'get_config', put: endless('(drop (call $get_config (i32.const 0)))') },
    { id: 'log', what: 'wasm_log of one letter', put: endless('(i32.store16 (i32.const 512) (i32.const 65)) (call $wasm_log (i32.const 512))') },
    { id: 'output', what: 'set_output, high and low in turn', put: endless('(call $set_output (i32.const 18) (i32.and (local.tee $count (i32.add (local.get $count) (i32.const 1))) (i32.const 1)))') },
  ] },
  { ...time, id: 'start-loop', text: 'start-loop', title: 'Endless start function', tries: 'Computes for ever in its start function, before anybody has called it.', variants: plain },
  { ...stack, id: 'deep-recursion', text: 'recursion', title: 'Deep recursion', tries: 'Calls itself until the stack is used up, in calls of several shapes.', variants: [
    { id: 'plain', what: 'directly', put: { LOCALS: '', CALL: call } },
    { id: 'wide', what: 'with 200 local variables', put: { LOCALS: `(local ${'i64 '.repeat(200)})`, CALL: call } },
    { id: 'mutual', what: 'two functions in turn', put: { LOCALS: '', CALL: call.replace('$deeper', '$other') } },
    { id: 'indirect', what: 'through a table', put: { LOCALS: '', CALL: '(call_indirect (type $deeper) (i32.add (local.get $depth) (i32.const 1)) (i32.const 0))' } },
  ] },
  { ...stack, id: 'start-recursion', text: 'start-recursion', title: 'Recursion in the start function', tries: 'Uses up the stack before anybody has called it.', variants: plain },
  { ...stack, id: 'shadow-stack', text: 'shadow-stack', title: 'Overflow of the C stack', tries: 'Uses more than the 4096 bytes that the linker set aside for its C stack, so that the stack pointer falls below zero.', contained: 'Where the pointer leaves the memory the guest ends. Above that nothing is detected: a linker that lays the stack first leaves nothing below it to overwrite.', variants: plain },
  { ...growth, id: 'memory-growth', text: 'grow', title: 'Memory beyond the ceiling', tries: 'Asks for far more memory than a node has, all at once or bit by bit, and uses what it gets.', contained: 'It never has more than the ceiling of a guest for longer than to its next call of the host; others keep theirs.', variants: [
    { id: 'at-once', what: '999 pages in one request', put: { MAXIMUM: '1000', PAGES: '999', TIMES: '1' } },
    { id: 'bit-by-bit', what: 'one page at a time', put: { MAXIMUM: '1000', PAGES: '1', TIMES: '999' } },
    { id: 'undeclared', what: 'without declaring a maximum', put: { MAXIMUM: '', PAGES: '999', TIMES: '1' } },
    { id: 'impossible', what: 'a number of pages that no memory has', put: { MAXIMUM: '', PAGES: '-1', TIMES: '1' } },
  ] },
  { ...growth, id: 'table-growth', text: 'table-grow', title: 'A table of a million', tries: 'Asks for a table with a million entries at run time.', contained: 'It is refused, or the table stays within what the host allows: 65,536 entries.', variants: [
    { id: 'declared', what: 'with a declared maximum', put: { MAXIMUM: '1000000', ENTRIES: '999999' } },
    { id: 'undeclared', what: 'without one', put: { MAXIMUM: '', ENTRIES: '999999' } },
  ] },
  { ...growth, id: 'large-declarations', text: 'declares', title: 'Large declarations', tries: 'Declares a memory or a table that is larger than a node has room for.', contained: 'It is refused before anything is set aside.', mustStop: true, variants: [
    { id: 'memory', what: '100 pages of 64 KiB', put: { MEMORY: '100 100', TABLE: '1 1' } },
    { id: 'most-memory', what: 'all 65,536 pages', put: { MEMORY: '65536 65536', TABLE: '1 1' } },
    { id: 'table', what: 'nine million table entries', put: { MEMORY: '1 1', TABLE: '9000000 9000000' } },
  ] },
  { ...control, id: 'wrong-indirect-call', text: 'indirect', title: 'Calls what is not there', tries: 'Calls through its table a function of another type, an empty entry, or one beyond the table.', contained: 'No function runs with a signature that is not its own; the guest ends there.', variants: [
    { id: 'type', what: 'a function of another type', put: { INDEX: '0' } },
    { id: 'empty', what: 'an empty entry', put: { INDEX: '1' } },
    { id: 'beyond', what: 'behind the table', put: { INDEX: '4' } },
    { id: 'negative', what: 'a negative index', put: { INDEX: '-1' } },
  ] },
  { ...control, id: 'trap', text: 'trap', title: 'Traps', tries: 'Divides by zero, overflows a division or a conversion, or executes `unreachable`.', contained: 'The guest ends with a reason; its host does not.', variants: [
    { id: 'divide-by-zero', what: 'division by zero', put: { TRAP: '(drop (i32.div_s (i32.const 1) (i32.const 0)))' } },
    { id: 'remainder-by-zero', what: 'remainder by zero', put: { TRAP: '(drop (i64.rem_u (i64.const 1) (i64.const 0)))' } },
    { id: 'overflow', what: 'the least integer by -1', put: { TRAP: '(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))' } },
    { id: 'nan', what: 'not a number, as an integer', put: { TRAP: '(drop (i32.trunc_f64_s (f64.const nan)))' } },
    { id: 'too-large', what: '1e30 as an integer', put: { TRAP: '(drop (i64.trunc_f64_u (f64.const 1e30)))' } },
    { id: 'unreachable', what: 'unreachable', put: { TRAP: '(unreachable)' } },
  ] },
  { ...control, id: 'start-trap', text: 'start-trap', title: 'Trap in the start function', tries: 'Executes `unreachable` before anybody has called it.', contained: 'The module does not start, with a reason; its host goes on.', variants: plain },
];
