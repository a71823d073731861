/** Modules that ask for what is not offered, export what is the host's, or are not sound. */
import type { HostileSource, HostileVariant } from './source.ts';

const refused = { mustStop: true, whole: true } as const;
const MEMORY = '(memory (export "memory") 1 1)';

function asks(id: string, what: string, wanted: string, memory = MEMORY): HostileVariant {
  return { id, what, put: { IMPORT: wanted, MEMORY: memory } };
}
function unsound(id: string, what: string, code: string, signature = '(result i32)'): HostileVariant {
  return { id, what, put: { SIGNATURE: signature, CODE: code } };
}
function named(id: string, what: string, written: string): HostileVariant {
  return { id, what, put: { EXPORT: written, MAIN: 'main' } };
}

export const moduleSources: readonly HostileSource[] = [
  {
    ...refused,
    group: 'imports',
    id: 'foreign-imports',
    text: 'import',
    title: 'Functions that are not offered',
    tries: "Imports what no host offers: other functions, other modules, inherited names of JavaScript's objects, and the parts of the host itself.",
    contained: 'It is refused before it runs, and gets nothing.',
    forms: ['env'],
    variants: [
      asks('unknown', 'an unknown function of `env`', '(import "env" "launch" (func (param i32) (result i32)))'),
      asks('module', 'a function of another module', '(import "system" "exec" (func (param i32) (result i32)))'),
      asks('constructor', 'the name `constructor`', '(import "env" "constructor" (func (param i32) (result i32)))'),
      asks('proto', 'the name `__proto__`', '(import "env" "__proto__" (func (param i32) (result i32)))'),
      asks('proto-module', 'the module `__proto__`', '(import "__proto__" "toString" (func (result i32)))'),
      asks('memory', 'the memory of its host', '(import "env" "memory" (memory 1))', ''),
      asks('window', 'the memory that all guests share', '(import "continuum" "memory" (memory 1))', ''),
      asks('base', 'the place of its window in it', '(import "continuum" "base" (global i32))'),
      asks('table', 'a table', '(import "env" "table" (table 1 funcref))'),
      asks('global', 'a global variable', '(import "env" "get_config" (global i32))'),
      asks('wasi', 'a function of WASI', '(import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))'),
    ],
  },
  {
    ...refused,
    group: 'imports',
    id: 'wrong-types',
    text: 'import',
    title: 'Known functions under wrong types',
    tries: 'Imports host functions with more, fewer or other parameters, so that numbers are taken for others.',
    contained: 'It is refused before it runs.',
    forms: ['env'],
    variants: [
      asks('wide-pointer', 'wasm_log of a 64-bit address', '(import "env" "wasm_log" (func (param i64)))'),
      asks('more', 'get_config of two numbers', '(import "env" "get_config" (func (param i32 i32) (result i32)))'),
      asks('fewer', 'mqtt_publish of one pointer', '(import "env" "mqtt_publish" (func (param i32) (result i32)))'),
      asks('float', 'set_output of a fraction', '(import "env" "set_output" (func (param f32 i32)))'),
      asks('reference', 'log_int of a reference', '(import "env" "log_int" (func (param externref)))'),
      asks('result', 'log_int with a result', '(import "env" "log_int" (func (param i32) (result i32)))'),
    ],
  },
  {
    ...refused,
    group: 'imports',
    id: 'wasi-foreign-imports',
    text: 'wasi-import',
    title: 'Functions that WASI does not have',
    tries: 'Imports what no WASI host offers, or a known function under a wrong type.',
    contained: 'It does not run.',
    forms: ['wasi'],
    variants: [
      { id: 'unknown', what: 'an unknown function', put: { IMPORT: '(import "wasi_snapshot_preview1" "fork" (func (result i32)))' } },
      { id: 'env', what: 'a function of another module', put: { IMPORT: '(import "env" "set_output" (func (param i32 i32)))' } },
      { id: 'type', what: 'fd_write of one number', put: { IMPORT: '(import "wasi_snapshot_preview1" "fd_write" (func (param i32) (result i32)))' } },
    ],
  },
  {
    ...refused,
    group: 'module',
    id: 'false-exports',
    text: 'export',
    title: "Exports under the host's names",
    tries: 'Exports variables and functions under the names by which the host counts its instructions and finds its memory.',
    contained: 'It is refused, or the names have no effect on what the host sees.',
    forms: ['env'],
    variants: [
      named('fuel', 'the count of instructions', '(export "continuum:fuel" (global $mine))'),
      named('limit', 'the size of its memory', '(export "continuum:limit" (global $mine))'),
      named('memory', 'a number as its memory', '(export "continuum:memory" (global $mine))'),
      named('process', '`process` of another type', '(func (export "process") (param i64) (result i64) (local.get 0))'),
      { id: 'main', what: 'another name than `main`', put: { EXPORT: '', MAIN: 'begin' } },
    ],
  },
  {
    ...refused,
    group: 'module',
    id: 'type-confusion',
    text: 'unsound',
    title: 'Takes one type for another',
    tries: 'Contains code that uses a number as a reference, an empty stack, or a variable, label or function that is not there.',
    contained: 'Validation refuses it, so no such code ever runs.',
    forms: ['env'],
    variants: [
      unsound('float-address', 'a fraction as an address', '(i32.load (f32.const 1))'),
      unsound('wide-address', 'a 64-bit number as an address', '(i32.load (i64.const 65536))'),
      unsound('forged-reference', 'a number as a function reference', '(table.set 0 (i32.const 0) (i32.const 1234)) (i32.const 0)'),
      unsound('empty-stack', 'takes what the stack does not have', 'i32.add'),
      unsound('missing-result', 'gives no result', 'nop'),
      unsound('other-result', 'gives a wide number as a narrow one', '(i64.const 1)'),
      unsound('unknown-local', 'a variable that is not there', '(local.get 1000)'),
      unsound('unknown-label', 'jumps out of its function', '(br 7) (i32.const 0)'),
      unsound('unknown-function', 'calls a function that is not there', '(call 99)'),
      unsound('constant-global', 'writes to a segment that is not there', '(memory.init 5 (i32.const 0) (i32.const 0) (i32.const 1)) (i32.const 0)'),
      unsound('alignment', 'claims a greater alignment than there is', '(i32.load align=8 (i32.const 0))'),
    ],
  },
];
