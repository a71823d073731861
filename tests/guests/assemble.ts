/** Turns the guests that are kept as text into modules. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import wabt from 'wabt';

/** One per file `NAME.wat`; each breaks one rule, and the comment in the file says which. */
export const hostileGuests = [
  'bad-pointer',
  'deep-recursion',
  'endless-loop',
  'flood',
  'forbidden-pin',
  'foreign-processed',
  'foreign-topic',
  'out-of-bounds',
  'trap',
  'unknown-import',
  'unterminated-string',
] as const;
export type HostileGuest = (typeof hostileGuests)[number];

/** Guests that use what cannot be rewritten, so each runs in a memory of its own; some are hostile, too. */
export const ownMemoryGuests = [
  'exception-swallows',
  'exception-uncaught',
  'shared-memory',
  'simd-endless',
  'simd-grows',
  'tail-call',
] as const;
export type OwnMemoryGuest = (typeof ownMemoryGuests)[number];

const features = { simd: true, threads: true, tail_call: true, exceptions: true };

let assembler: ReturnType<typeof wabt> | null = null;

/** The bytes of a guest that is kept as text. Throws with wabt's message when its text is malformed. */
export async function assemble(name: HostileGuest | OwnMemoryGuest): Promise<Uint8Array<ArrayBuffer>> {
  const text = await readFile(join(import.meta.dirname, `${name}.wat`), 'utf8');
  assembler ??= wabt();
  const module = (await assembler).parseWat(`${name}.wat`, text, features);
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

/** A well-behaved module as found in the field: `--export-all`, two pages, field names, plain topic. */
export async function foreignGuest(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(join(import.meta.dirname, 'foreign-export-all.wasm')));
}

/** A well-behaved module that a compiler built with SIMD; it serves every tier. */
export async function simdGuest(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(join(import.meta.dirname, 'simd.wasm')));
}

/**
 * The guest of tail calls with a garbage-collected type beside it, which no assembler here can write: an empty
 * structure as the last entry of the type section. https://webassembly.github.io/gc/core/binary/types.html
 */
export async function gcGuest(): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await assemble('tail-call');
  const HEADER = 8;
  const [id, size, count] = bytes.subarray(HEADER);
  if (id !== 1 || size > 120) throw new Error('The module does not begin with a short type section.');
  const end = HEADER + 2 + size;
  const structure = [0x5f, 0];
  return Uint8Array.from([...bytes.subarray(0, HEADER), id, size + 2, count + 1, ...bytes.subarray(HEADER + 3, end), ...structure, ...bytes.subarray(end)]);
}
