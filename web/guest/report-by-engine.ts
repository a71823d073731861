/**
 * What a module is made of where its declarations use types that are not read here: the engine then tells
 * the names and kinds of imports and exports, and the sections that can be read tell the rest.
 */
import { guestExports, hostImports } from './abi.gen.ts';
import { detectLanguage, readFunctionNames, readProducers } from './wasm/custom-sections.ts';
import type { ModuleReport } from './wasm/inspect.ts';
import type { ExternalKind, ExternalType, FunctionSignature, MemoryType } from './wasm/module-types.ts';
import { readMemoryType } from './wasm/read-types.ts';
import { readSections, Section, sectionReader, type SectionSpan } from './wasm/sections.ts';

type NamedFunctions = Readonly<Record<string, { readonly params: readonly string[]; readonly results: readonly string[] }>>;

/** Of a module that the engine has compiled. Throws `InvalidModuleError` for a memory that is not known either. */
export function reportByEngine(bytes: Uint8Array, module: WebAssembly.Module): ModuleReport {
  const sections = readSections(bytes);
  const producers = readProducers(bytes, sections);
  const functionNames = readFunctionNames(bytes, sections);
  const memories = readMemories(bytes, sections);
  const [memory] = memories;
  return {
    version: 1,
    sizeBytes: bytes.length,
    sections: sections.map(({ id, name, headerOffset, start, end }) => ({ id, name, offset: headerOffset, sizeBytes: end - start })),
    types: [],
    imports: WebAssembly.Module.imports(module).map(({ module: from, name, kind }) => ({
      module: from,
      name,
      type: typeOf(kind, name, hostImports, memories),
    })),
    exports: WebAssembly.Module.exports(module).map(({ name, kind }) => ({
      name,
      index: -1,
      type: typeOf(kind, name, guestExports, memories),
    })),
    memory: memory
      ? { initialPages: memory.min, maxPages: memory.max, imported: false, shared: memory.shared, wide: memory.wide }
      : null,
    memories: memories.length,
    tables: [],
    start: null,
    functions: 0,
    producers,
    language: detectLanguage(producers, functionNames.values()),
    functionNames,
  };
}

/** The ABI's own signatures stand in for those that nobody tells: a guest with others faults when it is called. */
function typeOf(kind: ExternalKind, name: string, known: NamedFunctions, [memory]: MemoryType[]): ExternalType {
  const other = { min: 0, max: null, shared: false, wide: false };
  switch (kind) {
    case 'function': {
      const signature = Object.hasOwn(known, name) ? known[name] : { params: [], results: [] };
      return { kind, signature: signature as FunctionSignature };
    }
    case 'memory':
      return { kind, ...(memory ?? other) };
    case 'table':
      return { kind, ...other, element: 'funcref' };
    case 'global':
      return { kind, type: 'i32', mutable: false };
    case 'tag':
      return { kind };
  }
}

function readMemories(bytes: Uint8Array, sections: readonly SectionSpan[]): MemoryType[] {
  const section = sections.find(({ id }) => id === Section.memory);
  if (!section) return [];
  const reader = sectionReader(bytes, section);
  return Array.from({ length: reader.u32() }, () => readMemoryType(reader));
}
