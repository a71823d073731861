/** Rewrites the sections around the code: what is added to each, and the global indices that move. */
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readConstExpression } from './const-expression.ts';
import { Op } from './opcodes.ts';
import { externalKinds, type ExternalKind } from './module-types.ts';
import { functionTypeForm, readGlobalType, readTableType, readValueType, valueTypeBytes } from './read-types.ts';
import { initialLimit, type TransformPlan } from './transform-plan.ts';
import { importNamespace, transformedExports, windowImports } from './transformed-names.ts';

/** A guest's tables may not grow beyond this, or one guest could take the memory of all. */
const MAX_TABLE_ENTRIES = 65_536;

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

export function addEmptyType(content: Content): ByteWriter {
  return extend(content, 1, (out) => {
    out.u8(functionTypeForm);
    out.u8(0);
    out.u8(0);
  });
}

export function addWindowImports(content: Content): ByteWriter {
  return extend(content, 2, (out) => {
    out.name(importNamespace);
    out.name(windowImports.memory);
    out.u8(kindBytes.memory);
    out.u8(0);
    out.u8(0);
    out.name(importNamespace);
    out.name(windowImports.base);
    out.u8(kindBytes.global);
    out.u8(valueTypeBytes.i32);
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

export function rewriteGlobals(content: Content, plan: TransformPlan): ByteWriter {
  const initial = [plan.startFuel, 0, ...(plan.window ? [initialLimit(plan)] : [])];
  const { out, count } = begin(content, initial.length);
  for (let left = content ? count : 0; left > 0; left--) {
    const start = content!.offset;
    readGlobalType(content!);
    out.copy(content!.bytes, start, content!.offset);
    readConstExpression(content!, out, plan.mapGlobal);
    out.u8(Op.end);
  }
  for (const value of initial) {
    out.u8(valueTypeBytes.i32);
    out.u8(1);
    out.u8(Op.i32Const);
    out.signed(value);
    out.u8(Op.end);
  }
  return out;
}

export function rewriteExports(plan: TransformPlan): ByteWriter {
  const { declared, lean } = plan;
  const kept = lean ? declared.exports.filter(({ kind }) => kind === 'function') : declared.exports;
  const entries = kept.map((entry) => ({
    ...entry,
    index: entry.kind === 'global' ? plan.mapGlobal(entry.index) : entry.index,
  }));
  const add = (name: string, kind: ExternalKind, index: number) => entries.push({ name, kind, index });
  add(transformedExports.fuel, 'global', plan.fuelGlobal);
  add(transformedExports.trap, 'global', plan.trapGlobal);
  const fixed = lean && plan.initialPages === plan.maxPages;
  if (plan.window) {
    if (!fixed) add(transformedExports.limit, 'global', plan.limitGlobal);
  } else if (declared.memories.length > 0) add(transformedExports.memory, 'memory', 0);
  const stack = lean ? null : stackGlobal(plan);
  if (stack !== null) add(transformedExports.stack, 'global', plan.mapGlobal(stack));
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

/** https://webassembly.github.io/spec/core/binary/modules.html#element-section */
export function rewriteElements(content: Content, plan: TransformPlan): ByteWriter {
  const { out, count } = begin(content, 0);
  const copyIndex = () => out.u32(content!.u32());
  const copyExpression = () => {
    readConstExpression(content!, out, plan.mapGlobal);
    out.u8(Op.end);
  };
  for (let left = content ? count : 0; left > 0; left--) {
    const start = content!.offset;
    const flags = content!.u32();
    if (flags > 7) content!.fail(`${flags} are not the flags of an element segment`, start);
    const active = (flags & 1) === 0;
    out.u32(flags);
    if (active && flags & 2) copyIndex();
    if (active) copyExpression();
    if (flags & 3) out.u8(flags & 4 ? valueTypeBytes[readValueType(content!)] : content!.u8());
    const items = content!.u32();
    out.u32(items);
    for (let item = 0; item < items; item++) {
      if (flags & 4) copyExpression();
      else copyIndex();
    }
  }
  return out;
}
