/** What a module is made of, for people and for the check. */
import { detectLanguage, readFunctionNames, readProducers, type Producer } from './custom-sections.ts';
import { InvalidModuleError } from './invalid-module.ts';
import type { ExternalKind, ExternalType, FunctionSignature } from './module-types.ts';
import { readModule, type ModuleDeclarations } from './read-module.ts';

export interface ImportReport {
  module: string;
  name: string;
  type: ExternalType;
}

export interface ExportReport {
  name: string;
  /** Index in the index space of its kind. */
  index: number;
  type: ExternalType;
}

export interface ModuleReport {
  version: 1;
  sizeBytes: number;
  /** In file order; custom sections have the id 0 and their own name. */
  sections: { id: number; name: string; offset: number; sizeBytes: number }[];
  types: FunctionSignature[];
  imports: ImportReport[];
  exports: ExportReport[];
  /** The first memory; null when there is none. */
  memory: {
    initialPages: number;
    maxPages: number | null;
    imported: boolean;
    /** Between threads. */
    shared: boolean;
    /** Addresses are 64 bits wide. */
    wide: boolean;
  } | null;
  memories: number;
  tables: { initial: number; max: number | null; imported: boolean }[];
  /** Index of the start function. */
  start: number | null;
  /** Functions with a body of their own. */
  functions: number;
  producers: Producer[];
  /** `C`, `Rust`, ... or `unknown`. */
  language: string;
  /** Names by function index, from the `name` section. */
  functionNames: Map<number, string>;
  /** Byte addresses that the linker left as exported constants. */
  heapBase?: number;
  dataEnd?: number;
  /** Initial value of the exported `__stack_pointer`. */
  stackPointer?: number;
}

/** Reads, without validating the code. Throws `InvalidModuleError` with a sentence for people. */
export function inspectModule(bytes: Uint8Array): ModuleReport {
  const declared = readModule(bytes);
  const producers = readProducers(bytes, declared.sections);
  const functionNames = readFunctionNames(bytes, declared.sections);
  const [memory] = declared.memories;
  return {
    version: 1,
    sizeBytes: bytes.length,
    sections: declared.sections.map(({ id, name, headerOffset, start, end }) => ({
      id,
      name,
      offset: headerOffset,
      sizeBytes: end - start,
    })),
    types: declared.types,
    imports: declared.imports.map(({ module, name, kind, index }) => ({
      module,
      name,
      type: resolve(declared, kind, index, `The import "${module}.${name}"`),
    })),
    exports: declared.exports.map(({ name, kind, index }) => ({
      name,
      index,
      type: resolve(declared, kind, index, `The export "${name}"`),
    })),
    memory: memory
      ? {
          initialPages: memory.min,
          maxPages: memory.max,
          imported: declared.imported.memory > 0,
          shared: memory.shared,
          wide: memory.wide,
        }
      : null,
    memories: declared.memories.length,
    tables: declared.tables.map(({ min, max }, index) => ({
      initial: min,
      max,
      imported: index < declared.imported.table,
    })),
    start: declared.start,
    functions: declared.bodies,
    producers,
    language: detectLanguage(producers, functionNames.values()),
    functionNames,
    heapBase: exportedAddress(declared, '__heap_base'),
    dataEnd: exportedAddress(declared, '__data_end'),
    stackPointer: exportedAddress(declared, '__stack_pointer'),
  };
}

function resolve(
  declared: ModuleDeclarations,
  kind: ExternalKind,
  index: number,
  subject: string,
): ExternalType {
  const missing = (): never => {
    throw new InvalidModuleError(
      `The module is damaged: ${subject} refers to ${kind} ${index}, which it does not have. Build it again.`,
      0,
    );
  };
  switch (kind) {
    case 'function':
      return { kind, signature: declared.types[declared.functions[index] ?? missing()] ?? missing() };
    case 'table':
      return { kind, ...(declared.tables[index] ?? missing()) };
    case 'memory':
      return { kind, ...(declared.memories[index] ?? missing()) };
    case 'global': {
      const { type, mutable } = declared.globals[index] ?? missing();
      return { kind, type, mutable };
    }
    case 'tag':
      return { kind };
  }
}

function exportedAddress(declared: ModuleDeclarations, name: string): number | undefined {
  const found = declared.exports.find((entry) => entry.name === name && entry.kind === 'global');
  const initial = found && declared.globals[found.index]?.initial;
  return typeof initial === 'number' ? initial >>> 0 : undefined;
}
