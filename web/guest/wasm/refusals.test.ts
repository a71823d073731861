/** What a window or the meter could not hold safely is refused, and its author told what to change and where. */
import { describe, expect, test } from 'vitest';
import { assemble } from './testing/assemble.ts';
import { transformModule } from './transform.ts';

function refusal(bytes: Uint8Array): { feature: string; offset: number; reason: string } {
  const results = [true, false].map((window) => transformModule(bytes, { window, ceilingPages: 4 }));
  expect(results[1]).toEqual(results[0]);
  const [result] = results;
  if (result!.ok) throw new Error('It was not refused.');
  expect(result!.reason).toContain(`at byte ${result!.offset}`);
  return result!;
}

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** For what the assembler does not know: one function without parameters, with these instructions. */
function withBody(...instructions: number[]): Uint8Array {
  const body = [0, ...instructions, 0x0b];
  return Uint8Array.of(...header, ...[1, 4, 1, 0x60, 0, 0], ...[3, 2, 1, 0], ...[10, body.length + 2, 1, body.length, ...body]);
}

describe('an instruction is pointed at by its first byte', () => {
  test.each<[string, string, number[]]>([
    ['SIMD', '(memory 1) (func (drop (v128.const i32x4 0 0 0 0)))', [0xfd, 12]],
    ['SIMD', '(memory 1) (func (drop (v128.load (i32.const 0))))', [0xfd, 0]],
    ['threads (atomic instructions)', '(memory 1) (func (drop (i32.atomic.load (i32.const 0))))', [0xfe, 0x10]],
    ['tail calls', '(func $f (return_call $f))', [0x12, 0]],
    ['tail calls', '(type $t (func)) (table 1 funcref) (func (return_call_indirect (type $t) (i32.const 0)))', [0x13, 0]],
    ['exceptions', '(func (try (do)))', [0x06, 0x40]],
    ['exceptions', '(func unreachable (block (try (do))))', [0x06, 0x40]],
  ])('%s: %s', (feature, text, found) => {
    const bytes = assemble(text);
    const offset = Buffer.from(bytes).lastIndexOf(Uint8Array.from(found));
    expect(offset).toBeGreaterThan(8);
    expect(refusal(bytes)).toMatchObject({ feature, offset });
  });

  test.each<[string, number[], number?]>([
    ['garbage collection (GC)', [0xfb, 0x00, 0x00]],
    ['garbage collection (GC)', [0xd3]],
    ['exceptions', [0x1f, 0x40, 0x00, 0x0b]],
    ['exceptions', [0x0a]],
    ['typed function references', [0x14, 0x00]],
    ['typed function references', [0xd4]],
    ['typed function references', [0x02, 0x63, 0x00, 0x0b], 1],
    ['multiple memories', [0x3f, 0x01, 0x1a]],
    ['multiple memories', [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 1], 6],
    ['the unknown instruction 0xff', [0xff]],
    ['wide arithmetic', [0xfc, 0x13]],
    ['the unknown instruction 0xfc 40', [0xfc, 40]],
    ['multiple memories', [0x41, 0x00, 0x28, 0x42, 0x01, 0x00, 0x1a], 2],
    // A load stands behind its address, the type of a block behind the block.
  ])('%s: %j', (feature, instructions, at = 0) => {
    const bytes = withBody(...instructions);
    expect(refusal(bytes)).toMatchObject({ feature, offset: bytes.length - 1 - instructions.length + at });
  });
});

test.each<[string, string, number]>([
  ['threads (a shared memory)', '(memory 1 1 shared)', 5],
  ['memory64', '(memory i64 1)', 5],
  ['multiple memories', '(memory 1) (memory 1)', 5],
  ['exceptions', '(tag $e) (func (throw $e))', 13],
  ['an imported memory', '(import "env" "memory" (memory 1))', 2],
  ['a memory of 5 pages where 4 are allowed', '(memory 5)', 5],
  ['the reserved export name "continuum:fuel"', '(func (export "continuum:fuel"))', 7],
  ['the reserved import module "continuum"', '(import "continuum" "base" (global i32))', 2],
])('%s is refused at its section', (feature, text, section) => {
  const bytes = assemble(text);
  const found = refusal(bytes);
  expect(found.feature).toBe(feature);
  expect(bytes[found.offset]).toBe(section);
});

test.each<[string, number[], number]>([
  ['the types of garbage collection (GC)', [1, 3, 1, 0x5f, 0], 3],
  ['the types of garbage collection (GC)', [1, 4, 1, 0x4e, 1, 0x60], 3],
  ['garbage-collected references (GC)', [1, 5, 1, 0x60, 1, 0x6d, 0], 5],
  ['typed function references', [1, 6, 1, 0x60, 1, 0x63, 0x70, 0], 5],
  ['typed function references', [4, 8, 1, 0x40, 0, 0x70, 0, 1, 0xd0, 0x70], 3],
  ['typed function references', [9, 6, 1, 5, 0x63, 0x70, 0, 0], 4],
  ['memory64', [4, 4, 1, 0x70, 4, 1], 4],
  ['custom page sizes', [5, 4, 1, 8, 1, 0], 3],
  ['SIMD', [6, 5, 1, 0x7b, 0, 0xfd, 12], 5],
  ['garbage collection (GC)', [6, 6, 1, 0x7f, 0, 0xfb, 0x1c, 0x0b], 5],
])('%s is refused where it is declared: %j', (feature, section, at) => {
  expect(refusal(Uint8Array.of(...header, ...section))).toMatchObject({ feature, offset: header.length + at });
});
