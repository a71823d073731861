/** Where a module's shadow stack lies: the part of its memory that compilers of C and Rust use as their stack. */
import { PAGE_BYTES } from '../../guest/wasm/module-types.ts';
import type { ModuleDeclarations } from '../../guest/wasm/read-module.ts';
import type { StackRegion } from './compare-port.ts';
import type { DataSegment } from './read-data.ts';

/** LLVM keeps the stack pointer at multiples of this. */
const ALIGNMENT = 16;

/**
 * By the conventions of wasm-ld: the stack pointer is exported by name, or is the first global; the stack lies before all
 * data (`--stack-first`) or right behind it. Returns a sentence where that cannot be told.
 */
export function stackOf(declared: ModuleDeclarations, data: readonly DataSegment[], dataEnd: number | null): StackRegion | string {
  const named = declared.exports.find(({ name, kind }) => name === '__stack_pointer' && kind === 'global');
  const index = named?.index ?? (declared.imported.global === 0 ? 0 : -1);
  const pointer = declared.globals[index];
  const memoryBytes = (declared.memories[0]?.min ?? 0) * PAGE_BYTES;
  const top = pointer?.mutable && pointer.type === 'i32' ? pointer.initial : null;
  if (top === null || top <= 0 || top > memoryBytes || top % ALIGNMENT !== 0) {
    return 'It has no stack pointer, so it keeps no stack in its memory: all its locals are in the engine.';
  }
  const addresses = data.map(({ address }) => address);
  if (addresses.includes(null)) return 'Some of its data has no fixed address, so where its stack ends cannot be told.';
  if ((addresses as number[]).every((address) => address >= top)) return { lowest: 0, top };
  if (dataEnd !== null && dataEnd <= top) return { lowest: dataEnd, top };
  return 'Its stack lies behind its data, and it does not export `__data_end`, so where its stack ends cannot be told.';
}
