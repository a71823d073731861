/** What tools left in custom sections: the source language, and the names of functions. */
import { InvalidModuleError } from './invalid-module.ts';
import { Section, sectionReader, type SectionSpan } from './sections.ts';

export interface Producer {
  /** `language`, `processed-by` or `sdk`. */
  field: string;
  name: string;
  version: string;
}

/** https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md; damage reads as empty. */
export function readProducers(bytes: Uint8Array, sections: readonly SectionSpan[]): Producer[] {
  const section = findCustom(sections, 'producers');
  if (!section) return [];
  return orEmpty(() => {
    const reader = sectionReader(bytes, section);
    const producers: Producer[] = [];
    for (let fields = reader.u32(); fields > 0; fields--) {
      const field = reader.name();
      for (let values = reader.u32(); values > 0; values--) {
        producers.push({ field, name: reader.name(), version: reader.name() });
      }
    }
    return producers;
  });
}

/** Names of functions by their index; damage reads as empty. */
export function readFunctionNames(bytes: Uint8Array, sections: readonly SectionSpan[]): Map<number, string> {
  const span = functionNamesSpan(bytes, sections);
  if (!span) return new Map();
  const names = orEmpty(() => {
    const reader = sectionReader(bytes, span);
    const entries: [number, string][] = [];
    for (let left = reader.u32(); left > 0; left--) entries.push([reader.u32(), reader.name()]);
    return entries;
  });
  return new Map(names);
}

/** The subsection of the `name` section that names functions. */
export function functionNamesSpan(bytes: Uint8Array, sections: readonly SectionSpan[]): SectionSpan | null {
  const FUNCTION_NAMES = 1;
  const section = findCustom(sections, 'name');
  if (!section) return null;
  const spans = orEmpty(() => {
    const reader = sectionReader(bytes, section);
    while (!reader.done) {
      const id = reader.u8();
      const size = reader.u32();
      const start = reader.offset;
      reader.skip(size);
      if (id === FUNCTION_NAMES) return [{ ...section, start, end: start + size }];
    }
    return [];
  });
  return spans[0] ?? null;
}

/** `C`, `C++`, `Rust`, ...; more than one joined by `, `; `unknown` when nothing tells. */
export function detectLanguage(producers: readonly Producer[], functionNames: Iterable<string>): string {
  const languages = new Set(
    producers.filter(({ field }) => field === 'language').map(({ name }) => languageName(name)),
  );
  // A Rust module that links a little C names both; what people call it is Rust.
  if (languages.has('Rust')) return 'Rust';
  if (languages.size > 0) return [...languages].sort().join(', ');
  const tools = producers
    .filter(({ field }) => field === 'processed-by')
    .map(({ name }) => name.toLowerCase());
  if (tools.some((name) => name.includes('rustc'))) return 'Rust';
  if (tools.some((name) => name.includes('clang'))) {
    // clang names the language only with debug information; C has no mangled or qualified names.
    let named = false;
    for (const name of functionNames) {
      if (name.startsWith('_Z') || name.includes('::')) return 'C++';
      named = true;
    }
    return named ? 'C' : 'C or C++';
  }
  return 'unknown';
}

function languageName(producer: string): string {
  if (/^C_plus_plus|^C\+\+/.test(producer)) return 'C++';
  if (/^C\d*$/.test(producer)) return 'C';
  return producer;
}

function findCustom(sections: readonly SectionSpan[], name: string): SectionSpan | undefined {
  return sections.find((section) => section.id === Section.custom && section.name === name);
}

/** Custom sections may hold anything: a damaged one does not make the module unusable. */
function orEmpty<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidModuleError) return [];
    throw error;
  }
}
