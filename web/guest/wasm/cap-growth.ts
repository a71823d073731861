/**
 * A module that runs as it came, but for how far its memories and tables may grow: what it declares is lowered to what
 * a guest may have. It may use types of any later proposal.
 */
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readConstExpression } from './const-expression.ts';
import { readLimits, readMemoryType, TABLE_WITH_INIT } from './read-types.ts';
import { MAX_TABLE_ENTRIES } from './rewrite-sections.ts';
import { readSections, Section, sectionReader } from './sections.ts';

/** (ref null ht) and (ref ht); other references are a byte each. */
const referenceForms = [0x63, 0x64];
const flag = { max: 1, shared: 2, wide: 4 };

/**
 * @param maxPages what each memory may have; one that begins with more keeps that, and so does a table
 * Throws `InvalidModuleError` for what is no module, and for a table whose first value is not known here.
 */
export function capGrowth(bytes: Uint8Array, maxPages: number): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(bytes.length + 64);
  let copied = 0;
  for (const section of readSections(bytes)) {
    if (section.id !== Section.table && section.id !== Section.memory) continue;
    const reader = sectionReader(bytes, section);
    const content = section.id === Section.table ? cappedTables(reader) : cappedMemories(reader, maxPages);
    out.copy(bytes, copied, section.headerOffset);
    out.u8(section.id);
    out.u32(content.length);
    out.append(content);
    copied = section.end;
  }
  out.copy(bytes, copied, bytes.length);
  return out.toBytes();
}

function cappedMemories(reader: ByteReader, maxPages: number): ByteWriter {
  return eachOf(reader, (out) => {
    const { min, max, shared, wide } = readMemoryType(reader);
    out.u8(flag.max | (shared ? flag.shared : 0) | (wide ? flag.wide : 0));
    writeLimits(out, min, max, maxPages);
  });
}

function cappedTables(reader: ByteReader): ByteWriter {
  return eachOf(reader, (out) => {
    const start = reader.offset;
    const begun = reader.bytes[start] === TABLE_WITH_INIT;
    if (begun) reader.skip(2);
    if (referenceForms.includes(reader.u8())) reader.skipLeb(5);
    out.copy(reader.bytes, start, reader.offset);
    const flags = reader.u8();
    const { min, max } = readLimits(reader, flags, (flags & flag.wide) !== 0);
    out.u8(flag.max | flags);
    writeLimits(out, min, max, MAX_TABLE_ENTRIES);
    if (!begun) return;
    const value = reader.offset;
    readConstExpression(reader);
    out.copy(reader.bytes, value, reader.offset);
  });
}

function eachOf(reader: ByteReader, rewrite: (out: ByteWriter) => void): ByteWriter {
  const out = new ByteWriter();
  const count = reader.u32();
  out.u32(count);
  for (let left = count; left > 0; left--) rewrite(out);
  return out;
}

function writeLimits(out: ByteWriter, min: number, max: number | null, most: number): void {
  out.u32(min);
  out.u32(Math.max(min, Math.min(max ?? most, most)));
}
