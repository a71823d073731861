/**
 * Random 32-bit constants hardly ever are addresses in a memory of a few pages, so code made of them mostly traps at
 * once. Here those of a module become small or lie about the end of a page; the number of their bytes stays.
 */
import { ByteReader } from '../../web/guest/wasm/byte-reader.ts';
import { Immediate, immediates, Misc, Op } from '../../web/guest/wasm/opcodes.ts';
import { readModule } from '../../web/guest/wasm/read-module.ts';
import { readBlockType } from '../../web/guest/wasm/read-immediates.ts';
import { Section, sectionReader } from '../../web/guest/wasm/sections.ts';
import type { Chance } from './chance.ts';

/** The positive numbers of so many bytes and one more. */
const mostOf = [1 << 6, 1 << 13, 1 << 20, 1 << 27, 2 ** 31];

/** Changes the bytes of a module with the features that the transform takes. */
export function shapeConstants(bytes: Uint8Array, chance: Chance): void {
  const { sections } = readModule(bytes);
  const memory = sections.find(({ id }) => id === Section.memory);
  // One memory with a maximum, each number of one byte: it begins as large as it may become, or a page smaller.
  if (memory && memory.end - memory.start === 4) {
    const most = bytes[memory.start + 3]!;
    bytes[memory.start + 2] = Math.max(Math.min(1, most), most - chance.below(2));
  }
  const code = sections.find(({ id }) => id === Section.code);
  if (!code) return;
  const section = sectionReader(bytes, code);
  for (let left = section.u32(); left > 0; left--) {
    const size = section.u32();
    const body = new ByteReader(bytes, section.offset, section.offset + size, 'a function');
    section.skip(size);
    for (let groups = body.u32(); groups > 0; groups--) {
      body.u32();
      body.u8();
    }
    while (!body.done) shapeInstruction(body, chance);
  }
}

function shapeInstruction(body: ByteReader, chance: Chance): void {
  const op = body.u8();
  const start = body.offset;
  if (op === Op.i32Const) {
    const value = body.s32();
    const length = body.offset - start;
    // What ends the module's own loops is small.
    if (Math.abs(value) < 64) return;
    return writePadded(body.bytes, start, length, likelyAddress(chance) % mostOf[length - 1]!);
  }
  switch (immediates[op]) {
    case Immediate.none:
      return;
    case Immediate.index:
      return body.skipLeb(5);
    case Immediate.i64:
      return body.skipLeb(10);
    case Immediate.four:
      return body.skip(4);
    case Immediate.eight:
      return body.skip(8);
    case Immediate.load:
    case Immediate.store:
      body.skipLeb(5);
      return shapeOffset(body, chance);
    default:
      return skipSpecial(body, op);
  }
}

/** Most static offsets are few bytes beyond the address. */
function shapeOffset(body: ByteReader, chance: Chance): void {
  const start = body.offset;
  body.skipLeb(5);
  const length = body.offset - start;
  if (length > 1 && chance.below(4) > 0) writePadded(body.bytes, start, length, chance.below(32));
}

function skipSpecial(body: ByteReader, op: number): void {
  if (op === Op.block || op === Op.loop || op === Op.if) readBlockType(body);
  else if (op === Op.brTable || op === Op.selectTyped) {
    for (let left = body.u32() + (op === Op.brTable ? 1 : 0); left > 0; left--) body.skipLeb(5);
  } else if (op === Op.callIndirect) {
    body.skipLeb(5);
    body.skipLeb(5);
  } else if (op === Op.prefixMisc) {
    const operation = body.u32();
    const two: number[] = [Misc.memoryInit, Misc.memoryCopy, Misc.tableInit, Misc.tableCopy];
    if (operation > Misc.lastConversion) body.skipLeb(5);
    if (two.includes(operation)) body.skipLeb(5);
  } else if (![Op.unreachable, Op.else, Op.end, Op.return].includes(op as 0)) {
    body.skipLeb(5);
  }
}

function likelyAddress(chance: Chance): number {
  const page = 65_536 * chance.below(5);
  const nearby = [page, page + chance.below(16), Math.max(0, page - chance.below(16))];
  return chance.pick([chance.below(64), chance.below(4096), chance.below(65_536), ...nearby]);
}

/** A positive number as signed LEB128 of so many bytes. */
function writePadded(bytes: Uint8Array, start: number, length: number, value: number): void {
  for (let index = 0; index < length; index++) {
    bytes[start + index] = ((value >>> (7 * index)) & 0x7f) | (index < length - 1 ? 0x80 : 0);
  }
}
