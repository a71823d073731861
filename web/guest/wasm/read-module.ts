/** A module's declarations, index by index, without its code. */
import type { ByteReader } from './byte-reader.ts';
import { readConstExpression } from './const-expression.ts';
import { UnsupportedFeatureError } from './invalid-module.ts';
import {
  externalKinds,
  type ExternalKind,
  type FunctionSignature,
  type GlobalType,
  type MemoryType,
  type TableType,
} from './module-types.ts';
import { readGlobalType, readMemoryType, readSignature, readTableType } from './read-types.ts';
import { readSections, Section, sectionReader, type SectionSpan } from './sections.ts';

export interface ImportEntry {
  module: string;
  name: string;
  kind: ExternalKind;
  /** In the index space of its kind. */
  index: number;
}

export interface ExportEntry {
  name: string;
  kind: ExternalKind;
  index: number;
}

/** Index spaces hold what is imported first, then what is defined, as WebAssembly numbers them. */
export interface ModuleDeclarations {
  bytes: Uint8Array;
  sections: SectionSpan[];
  types: FunctionSignature[];
  imports: ImportEntry[];
  imported: Record<ExternalKind, number>;
  /** Index into `types` of every function. */
  functions: number[];
  tables: TableType[];
  memories: MemoryType[];
  /** `initial` is null when imported or not a plain `i32.const`. */
  globals: (GlobalType & { initial: number | null })[];
  exports: ExportEntry[];
  start: number | null;
  /** Bodies in the code section. */
  bodies: number;
}

/** Throws `InvalidModuleError`, or its subclass `UnsupportedFeatureError` for types of later proposals. */
export function readModule(bytes: Uint8Array): ModuleDeclarations {
  const declarations: ModuleDeclarations = {
    bytes,
    sections: readSections(bytes),
    types: [],
    imports: [],
    imported: { function: 0, table: 0, memory: 0, global: 0, tag: 0 },
    functions: [],
    tables: [],
    memories: [],
    globals: [],
    exports: [],
    start: null,
    bodies: 0,
  };
  for (const section of declarations.sections) {
    if (section.id === Section.custom) continue;
    const reader = sectionReader(bytes, section);
    if (readSection(section, reader, declarations) && !reader.done)
      reader.fail('there is data that nothing announced');
  }
  return declarations;
}

/** Returns whether the section was read to its end. */
function readSection(section: SectionSpan, reader: ByteReader, into: ModuleDeclarations): boolean {
  switch (section.id) {
    case Section.type:
      for (let left = reader.u32(); left > 0; left--) into.types.push(readSignature(reader));
      return true;
    case Section.import:
      for (let left = reader.u32(); left > 0; left--) readImport(reader, into);
      return true;
    case Section.function:
      for (let left = reader.u32(); left > 0; left--) into.functions.push(readTypeIndex(reader, into));
      return true;
    case Section.table:
      for (let left = reader.u32(); left > 0; left--) into.tables.push(readTableType(reader));
      return true;
    case Section.memory:
      for (let left = reader.u32(); left > 0; left--) into.memories.push(readMemoryType(reader));
      return true;
    case Section.global:
      for (let left = reader.u32(); left > 0; left--) {
        const type = readGlobalType(reader);
        into.globals.push({ ...type, initial: readConstExpression(reader) });
      }
      return true;
    case Section.export:
      for (let left = reader.u32(); left > 0; left--) {
        const name = reader.name();
        into.exports.push({ name, kind: readKind(reader), index: reader.u32() });
      }
      return true;
    case Section.start:
      into.start = reader.u32();
      return true;
    case Section.code:
      into.bodies = reader.u32();
      return false;
    default:
      return false;
  }
}

function readImport(reader: ByteReader, into: ModuleDeclarations): void {
  const module = reader.name();
  const name = reader.name();
  const kind = readKind(reader);
  into.imports.push({ module, name, kind, index: into.imported[kind]++ });
  if (kind === 'function') into.functions.push(readTypeIndex(reader, into));
  else if (kind === 'table') into.tables.push(readTableType(reader));
  else if (kind === 'memory') into.memories.push(readMemoryType(reader));
  else if (kind === 'global') into.globals.push({ ...readGlobalType(reader), initial: null });
  else throw new UnsupportedFeatureError('exceptions', reader.offset);
}

function readKind(reader: ByteReader): ExternalKind {
  const offset = reader.offset;
  const byte = reader.u8();
  return externalKinds[byte] ?? reader.fail(`${byte} is not a kind of import or export`, offset);
}

function readTypeIndex(reader: ByteReader, into: ModuleDeclarations): number {
  const offset = reader.offset;
  const index = reader.u32();
  if (index >= into.types.length) {
    reader.fail(`function type ${index} of ${into.types.length} is asked for`, offset);
  }
  return index;
}
