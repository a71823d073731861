/** The sections of a module, in file order. https://webassembly.github.io/spec/core/binary/modules.html */
import { ByteReader } from './byte-reader.ts';
import { InvalidModuleError } from './invalid-module.ts';
import { checkHeader, headerBytes } from './module-header.ts';

export const Section = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

const sectionNames = Object.fromEntries(Object.entries(Section).map(([name, id]) => [id, name]));

export interface SectionSpan {
  id: number;
  /** `code`, `data`...; a custom section's own name. */
  name: string;
  /** Where the section's id stands. */
  headerOffset: number;
  /** First byte of the content; after the name in a custom section. */
  start: number;
  end: number;
}

/** Throws `InvalidModuleError` when the bytes are no module or a section leaves the file. */
export function readSections(bytes: Uint8Array): SectionSpan[] {
  checkHeader(bytes);
  const sections: SectionSpan[] = [];
  const reader = new ByteReader(bytes, headerBytes, bytes.length, 'the list of sections');
  while (!reader.done) {
    const headerOffset = reader.offset;
    const id = reader.u8();
    const known = sectionNames[id];
    if (known === undefined) reader.fail(`there is a section of unknown kind ${id}`, headerOffset);
    const truncated = (size: string) =>
      new InvalidModuleError(
        `The file is cut off: section "${known}" begins at byte ${headerOffset} and ${size}, ` +
          `but the file ends at byte ${bytes.length}. Copy it again.`,
        headerOffset,
      );
    if (reader.done) throw truncated('has a size');
    const size = reader.u32();
    const start = reader.offset;
    if (size > bytes.length - start) throw truncated(`holds ${size} bytes`);
    const content = new ByteReader(bytes, start, start + size, `section "${known}"`);
    const name = id === Section.custom ? content.name() : known;
    sections.push({ id, name, headerOffset, start: content.offset, end: content.end });
    reader.skip(size);
  }
  return sections;
}

export function sectionReader(bytes: Uint8Array, section: SectionSpan): ByteReader {
  return new ByteReader(bytes, section.start, section.end, `section "${section.name}"`);
}
