/**
 * Turns a guest into a module that counts its instructions, stops when they are used up, and, in a
 * window, keeps to its own part of a memory that it shares with thousands of others.
 *
 * Functions keep their indices; tables, types and the order of traps stay. How guests begin and take turns in an
 * instance is in `transformed-names.ts`. A host must zero a window before it is used, and keep base + ceiling inside
 * the shared memory.
 */
import { ByteWriter } from './byte-writer.ts';
import { functionNamesSpan } from './custom-sections.ts';
import { InvalidModuleError, UnsupportedFeatureError } from './invalid-module.ts';
import { readModule } from './read-module.ts';
import { rewriteCode, type RewrittenCode } from './rewrite-code.ts';
import {
  addGlobals,
  addWindowImport,
  capTables,
  extend,
  ownMemory,
  rewriteExports,
  type Content,
} from './rewrite-sections.ts';
import { Section, sectionReader } from './sections.ts';
import { writeTypes } from './turn-functions.ts';
import { planTransform, type TransformOptions, type TransformPlan } from './transform-plan.ts';

export type { TransformOptions } from './transform-plan.ts';

export type TransformResult =
  | {
      ok: true;
      bytes: Uint8Array<ArrayBuffer>;
      initialPages: number;
      /** Most pages it can ever have: the initial ones when it never grows. */
      maxPages: number;
      memoryGrows: boolean;
      /** Whether guests can take turns in one instance; else each needs its own. */
      shareable: boolean;
    }
  | {
      ok: false;
      /** What it cannot take, as people name it. */
      feature: string;
      /** Byte offset in the file. */
      offset: number;
      reason: string;
    };

/** Sections in the order that the format demands. */
const sectionOrder = [
  ...[Section.type, Section.import, Section.function, Section.table, Section.memory, Section.global],
  ...[Section.export, Section.start, Section.element, Section.dataCount, Section.code, Section.data],
];

/**
 * Takes valid modules with the features up to WebAssembly 2.0 except SIMD; names the feature that it
 * cannot take. Never throws for what is in the bytes, but does not validate code either.
 */
export function transformModule(bytes: Uint8Array, options: TransformOptions): TransformResult {
  try {
    const plan = planTransform(readModule(bytes), options);
    const code = rewriteCode(plan);
    return {
      ok: true,
      bytes: assemble(plan, code),
      initialPages: plan.initialPages,
      maxPages: code.growsMemory ? plan.maxPages : plan.initialPages,
      memoryGrows: code.growsMemory,
      shareable: code.shareable,
    };
  } catch (error) {
    if (!(error instanceof InvalidModuleError)) throw error;
    const feature = error instanceof UnsupportedFeatureError ? error.feature : 'invalid module';
    return { ok: false, feature, offset: error.offset, reason: error.message };
  }
}

function assemble(plan: TransformPlan, code: RewrittenCode): Uint8Array<ArrayBuffer> {
  const { declared } = plan;
  const out = new ByteWriter(declared.bytes.length * 4);
  out.copy(declared.bytes, 0, 8);
  const emit = (id: number, content: ByteWriter) => {
    out.u8(id);
    out.u32(content.length);
    out.append(content);
  };
  for (const id of sectionOrder) {
    const span = declared.sections.find((section) => section.id === id);
    const reader = span ? sectionReader(declared.bytes, span) : null;
    const rewritten = rewriteSection(id, reader, plan, code);
    if (rewritten) emit(id, rewritten);
  }
  const names = functionNamesSpan(declared.bytes, declared.sections);
  if (names) {
    const content = new ByteWriter(names.end - names.start + 16);
    content.name('name');
    content.u8(1);
    content.u32(names.end - names.start);
    content.copy(declared.bytes, names.start, names.end);
    emit(Section.custom, content);
  }
  return out.toBytes();
}

/** The new content of a section, or null where there is none. */
function rewriteSection(
  id: number,
  content: Content,
  plan: TransformPlan,
  code: RewrittenCode,
): ByteWriter | null {
  const { declared } = plan;
  const { functions } = code;
  switch (id) {
    case Section.type:
      return extend(content, functions.length, (out) => writeTypes(out, functions));
    case Section.import:
      if (plan.moved) return addWindowImport(content);
      break;
    case Section.function:
      return extend(content, functions.length, (out) => {
        functions.forEach((_, at) => out.u32(declared.types.length + at));
      });
    case Section.table:
      return content && capTables(content);
    case Section.memory:
      if (plan.moved || declared.memories.length === 0) return null;
      return ownMemory(plan.initialPages, code.growsMemory ? plan.maxPages : plan.initialPages);
    case Section.global:
      return addGlobals(content, plan);
    case Section.export:
      return rewriteExports(plan, functions);
    case Section.start:
      return null;
    case Section.dataCount:
      if (code.data) return single(code.data.segments);
      break;
    case Section.code: {
      const out = new ByteWriter(code.bodies.length + 512);
      out.u32(declared.bodies + functions.length);
      out.append(code.bodies);
      for (const { body } of functions) {
        out.u32(body.length);
        out.append(body);
      }
      return out;
    }
    case Section.data:
      if (code.data) return code.data.section;
      break;
  }
  return content && copyOf(content);
}

function copyOf(content: NonNullable<Content>): ByteWriter {
  const out = new ByteWriter(content.end - content.offset);
  out.copy(content.bytes, content.offset, content.end);
  return out;
}

function single(value: number): ByteWriter {
  const out = new ByteWriter(8);
  out.u32(value);
  return out;
}
