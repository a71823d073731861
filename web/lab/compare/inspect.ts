/** What a module is made of: sizes, names, and where its memory and its stack lie. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { reportByEngine } from '../../guest/report-by-engine.ts';
import { UnsupportedFeatureError } from '../../guest/wasm/invalid-module.ts';
import { inspectModule, type ModuleReport } from '../../guest/wasm/inspect.ts';
import { describeSignature, PAGE_BYTES, type ExternalType } from '../../guest/wasm/module-types.ts';
import { readModule, type ModuleDeclarations } from '../../guest/wasm/read-module.ts';
import { Section, sectionReader } from '../../guest/wasm/sections.ts';
import type { FunctionSize, Inspection } from './compare-port.ts';
import { readData } from './read-data.ts';
import { stackOf } from './stack-region.ts';

/** Throws `InvalidModuleError` with a sentence. */
export function inspect(bytes: Uint8Array): Inspection {
  const { report, declared } = read(bytes);
  const { memory } = report;
  const data = readData(bytes, report.sections.length > 0 ? declared?.sections ?? [] : []);
  const stack = declared ? stackOf(declared, data, report.dataEnd ?? null) : 'Its declarations use types that are not read here.';
  return {
    sizeBytes: bytes.length,
    sha256: bytesToHex(sha256(bytes)),
    language: report.language,
    producers: report.producers,
    sections: withHeaders(report, bytes.length),
    functions: declared ? functionSizes(bytes, declared, report) : [],
    imports: report.imports.map((entry) => ({ ...entry, text: describeType(entry.type) })),
    exports: report.exports.map(({ name, type }) => ({ name, type, text: describeType(type) })),
    memory: memory && {
      initialBytes: memory.initialPages * PAGE_BYTES,
      maxBytes: memory.maxPages === null ? null : memory.maxPages * PAGE_BYTES,
      imported: memory.imported,
      dataEnd: report.dataEnd ?? null,
      heapBase: report.heapBase ?? null,
      dataBytes: data.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    },
    stack: typeof stack === 'string' ? null : stack,
    stackNote: typeof stack === 'string' ? stack : '',
  };
}

function read(bytes: Uint8Array): { report: ModuleReport; declared: ModuleDeclarations | null } {
  try {
    return { report: inspectModule(bytes), declared: readModule(bytes) };
  } catch (error) {
    if (!(error instanceof UnsupportedFeatureError)) throw error;
    // A type of a later proposal: the engine tells what it can.
    return { report: reportByEngine(bytes, new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)), declared: null };
  }
}

/** Each with what comes before its content, so that they add up to the file less its header of 8 bytes. */
function withHeaders({ sections }: ModuleReport, fileBytes: number): Inspection['sections'] {
  return sections.map(({ id, name, offset }, at) => ({ name, custom: id === 0, offset, sizeBytes: (sections[at + 1]?.offset ?? fileBytes) - offset }));
}

function functionSizes(bytes: Uint8Array, declared: ModuleDeclarations, report: ModuleReport): FunctionSize[] {
  const section = declared.sections.find(({ id }) => id === Section.code);
  if (!section) return [];
  const reader = sectionReader(bytes, section);
  const exported = new Map<number, string[]>();
  for (const { name, kind, index } of declared.exports) {
    if (kind === 'function') exported.set(index, [...(exported.get(index) ?? []), name]);
  }
  const sizes = Array.from({ length: reader.u32() }, (_, body): FunctionSize => {
    const from = reader.offset;
    reader.skip(reader.u32());
    const index = declared.imported.function + body;
    const exportedAs = exported.get(index) ?? [];
    const type = declared.types[declared.functions[index] ?? -1];
    return {
      index,
      name: report.functionNames.get(index) ?? exportedAs[0] ?? null,
      exportedAs,
      signature: type ? describeSignature(type) : '',
      sizeBytes: reader.offset - from,
    };
  });
  return sizes.sort((a, b) => b.sizeBytes - a.sizeBytes || a.index - b.index);
}

function describeType(type: ExternalType): string {
  switch (type.kind) {
    case 'function':
      return describeSignature(type.signature);
    case 'memory':
      return `${type.min * 64} KiB${type.max === null ? '' : `, at most ${type.max * 64} KiB`}${type.shared ? ', shared' : ''}`;
    case 'table':
      return `${type.min} entries of ${type.element}`;
    case 'global':
      return `${type.mutable ? 'mutable ' : ''}${type.type}`;
    case 'tag':
      return 'tag';
  }
}
