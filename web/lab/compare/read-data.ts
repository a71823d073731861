/** Where a module's initial data goes. https://webassembly.github.io/spec/core/binary/modules.html#data-section */
import { readConstExpression } from '../../guest/wasm/const-expression.ts';
import { Section, sectionReader, type SectionSpan } from '../../guest/wasm/sections.ts';

export interface DataSegment {
  /** Byte address; null when it is passive, or its address is not a constant of the module. */
  address: number | null;
  sizeBytes: number;
}

export function readData(bytes: Uint8Array, sections: readonly SectionSpan[]): DataSegment[] {
  const PASSIVE = 1;
  const WITH_MEMORY = 2;
  const section = sections.find(({ id }) => id === Section.data);
  if (!section) return [];
  const reader = sectionReader(bytes, section);
  return Array.from({ length: reader.u32() }, () => {
    const flags = reader.u32();
    if (flags === WITH_MEMORY) reader.u32();
    const address = flags === PASSIVE ? null : readConstExpression(reader);
    const sizeBytes = reader.u32();
    reader.skip(sizeBytes);
    return { address: address === null ? null : address >>> 0, sizeBytes };
  });
}
