/** Turns the hostile guests, kept as text, into modules. */
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

let assembler: ReturnType<typeof wabt> | null = null;

/** The bytes of a hostile guest. Throws with wabt's message when its text is malformed. */
export async function assemble(name: HostileGuest): Promise<Uint8Array<ArrayBuffer>> {
  const text = await readFile(join(import.meta.dirname, `${name}.wat`), 'utf8');
  assembler ??= wabt();
  const module = (await assembler).parseWat(`${name}.wat`, text);
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
