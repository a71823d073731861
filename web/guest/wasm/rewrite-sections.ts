/** Rewrites the sections around the code: what is added to each. */
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { Op } from './opcodes.ts';
import { externalKinds, type ExternalKind } from './module-types.ts';
import { readTableType, valueTypeBytes } from './read-types.ts';
import { initialLimit, type TransformPlan } from './transform-plan.ts';
import { importNamespace, transformedExports, windowMemory } from './transformed-names.ts';
import type { TurnFunction } from './turn-functions.ts';

/** A guest's tables may not grow beyond this, or one guest could take the memory of all. */
export const MAX_TABLE_ENTRIES = 65_536;

const kindBytes = Object.fromEntries(externalKinds.map((kind, byte) => [kind, byte])) as Record<
  ExternalKind,
  number
>;

/** A section's content, at its count of entries; null where the module has none. */
export type Content = ByteReader | null;

function begin(content: Content, added: number): { out: ByteWriter; count: number } {
  const count = content?.u32() ?? 0;
  const out = new ByteWriter(64 + (content ? content.end - content.offset : 0));
  out.u32(count + added);
  return { out, count };
}

/** All entries as they are, then what `add` writes. */
export function extend(content: Content, added: number, add: (out: ByteWriter) => void): ByteWriter {
  const { out } = begin(content, added);
  if (content) out.copy(content.bytes, content.offset, content.end);
  add(out);
  return out;
}

export function addWindowImport(content: Content): ByteWriter {
  return extend(content, 1, (out) => {
    out.name(importNamespace);
    out.name(windowMemory);
    out.u8(kindBytes.memory);
    out.u8(0);
    out.u8(0);
  });
}

export function capTables(content: Content): ByteWriter {
  const { out, count } = begin(content, 0);
  for (let left = content ? count : 0; left > 0; left--) {
    const { element, min, max } = readTableType(content!);
    out.u8(valueTypeBytes[element]);
    out.u8(1);
    out.u32(min);
    out.u32(Math.max(min, Math.min(max ?? MAX_TABLE_ENTRIES, MAX_TABLE_ENTRIES)));
  }
  return out;
}

export function ownMemory(initialPages: number, maxPages: number): ByteWriter {
  const out = new ByteWriter(16);
  out.u8(1);
  out.u8(1);
  out.u32(initialPages);
  out.u32(maxPages);
  return out;
}

export function addGlobals(content: Content, plan: TransformPlan): ByteWriter {
  const initial = [0, 0, ...(plan.window ? [initialLimit(plan), 0] : [])];
  return extend(content, initial.length, (out) => {
    for (const value of initial) {
      out.u8(valueTypeBytes.i32);
      out.u8(1);
      out.u8(Op.i32Const);
      out.signed(value);
      out.u8(Op.end);
    }
  });
}

export function rewriteExports(plan: TransformPlan, functions: readonly TurnFunction[]): ByteWriter {
  const { declared, lean } = plan;
  const entries = lean ? declared.exports.filter(({ kind }) => kind === 'function') : [...declared.exports];
  const add = (name: string, kind: ExternalKind, index: number) => entries.push({ name, kind, index });
  functions.forEach(({ name }, at) => add(name, 'function', declared.functions.length + at));
  if (!plan.window && declared.memories.length > 0) add(transformedExports.memory, 'memory', 0);
  if (!lean) {
    add(transformedExports.fuel, 'global', plan.fuelGlobal);
    add(transformedExports.trap, 'global', plan.trapGlobal);
    if (plan.window) add(transformedExports.limit, 'global', plan.limitGlobal);
    const stack = stackGlobal(plan);
    if (stack !== null) add(transformedExports.stack, 'global', stack);
  }
  const out = new ByteWriter();
  out.u32(entries.length);
  for (const { name, kind, index } of entries) {
    out.name(name);
    out.u8(kindBytes[kind]);
    out.u32(index);
  }
  return out;
}

/** wasm-ld exports the stack pointer by name, or else defines it first: then it is global 0. */
function stackGlobal({ declared }: TransformPlan): number | null {
  const named = declared.exports.find(({ name, kind }) => name === '__stack_pointer' && kind === 'global');
  const index = named?.index ?? (declared.imported.global === 0 ? 0 : -1);
  const global = declared.globals[index];
  return global?.mutable && global.type === 'i32' ? index : null;
}
