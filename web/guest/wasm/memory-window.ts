/**
 * Emits memory accesses that stay inside the guest's window of a larger memory.
 *
 * The guest sees addresses from 0 up to its limit, and its memory begins at the base global. The checks
 * are exact: what would trap in a memory of its own traps, and nothing else does. An effective address
 * (address plus static offset) has 33 bits, so no sum is taken in 32 bits before it is known to fit.
 * The host guarantees that base + limit is inside the shared memory, so rebasing cannot overflow.
 */
import type { ByteWriter } from './byte-writer.ts';
import type { Meter } from './meter.ts';
import { PAGE_BYTES } from './module-types.ts';
import { Misc, Op } from './opcodes.ts';
import { valueTypeBytes } from './read-types.ts';
import { scratch, type ScratchLocals } from './scratch-locals.ts';
import { trapCodes } from './transformed-names.ts';

const PAGE_SHIFT = 16;
const { i32 } = valueTypeBytes;

export interface WindowLayout {
  baseGlobal: number;
  limitGlobal: number;
  initialPages: number;
  maxPages: number;
  /** False makes the limit a constant. */
  grows: boolean;
}

export class MemoryWindow {
  readonly #layout: WindowLayout;
  readonly #meter: Meter;
  readonly #locals: ScratchLocals;
  readonly #initialBytes: number;

  constructor(layout: WindowLayout, meter: Meter, locals: ScratchLocals) {
    this.#layout = layout;
    this.#meter = meter;
    this.#locals = locals;
    this.#initialBytes = layout.initialPages * PAGE_BYTES;
  }

  /**
   * Replaces the address on the operand stack by the rebased one; traps unless `extent` bytes from it
   * (static offset and width) are inside. Returns false when no address can pass: what was
   * emitted then always traps, and what follows is unreachable.
   */
  address(out: ByteWriter, extent: number): boolean {
    const address = this.#locals.local(i32, scratch.first);
    if (!this.#layout.grows) {
      if (extent > this.#initialBytes) {
        this.#meter.trap(out, trapCodes.outOfBounds);
        return false;
      }
      this.#tee(out, address);
      this.#constant(out, (this.#initialBytes - extent) | 0);
      out.u8(Op.i32GtU);
    } else if (extent <= this.#initialBytes) {
      // The limit never sinks below the initial size, so the subtraction cannot wrap.
      this.#tee(out, address);
      this.#limit(out);
      this.#constant(out, extent | 0);
      out.u8(Op.i32Sub);
      out.u8(Op.i32GtU);
    } else {
      this.#tee(out, address);
      out.u8(Op.i64ExtendI32U);
      out.u8(Op.i64Const);
      out.signed(extent);
      out.u8(Op.i64Add);
      this.#wideLimit(out);
      out.u8(Op.i64GtU);
    }
    this.#meter.trapIf(out, trapCodes.outOfBounds);
    this.#rebased(out, address);
    return true;
  }

  /** At the entry of a function that has been rewritten. */
  enter(out: ByteWriter): void {
    if (!this.#locals.has(i32, scratch.base)) return;
    out.u8(Op.globalGet);
    out.u32(this.#layout.baseGlobal);
    this.#set(out, this.#locals.local(i32, scratch.base));
  }

  /** `memory.size` */
  size(out: ByteWriter): void {
    if (!this.#layout.grows) return this.#constant(out, this.#layout.initialPages);
    this.#limit(out);
    this.#constant(out, PAGE_SHIFT);
    out.u8(Op.i32ShrU);
  }

  /** `memory.grow` */
  grow(out: ByteWriter): void {
    const delta = this.#locals.local(i32, scratch.first);
    this.#tee(out, delta);
    this.#constant(out, this.#layout.maxPages);
    this.size(out);
    out.u8(Op.i32Sub);
    out.u8(Op.i32GtU);
    out.u8(Op.if);
    out.u8(i32);
    this.#constant(out, -1);
    out.u8(Op.else);
    this.size(out);
    this.#limit(out);
    this.#get(out, delta);
    this.#constant(out, PAGE_SHIFT);
    out.u8(Op.i32Shl);
    out.u8(Op.i32Add);
    out.u8(Op.globalSet);
    out.u32(this.#layout.limitGlobal);
    out.u8(Op.end);
  }

  /** `memory.fill`, `memory.copy` or, with the index of its segment, `memory.init`. */
  bulk(out: ByteWriter, operation: number, segment = 0): void {
    const target = this.#locals.local(i32, scratch.first);
    const source = this.#locals.local(i32, scratch.second);
    const length = this.#locals.local(i32, scratch.third);
    this.#set(out, length);
    this.#set(out, source);
    this.#set(out, target);
    this.#checkRange(out, target, length);
    if (operation === Misc.memoryCopy) this.#checkRange(out, source, length);
    this.#rebased(out, target);
    if (operation === Misc.memoryCopy) this.#rebased(out, source);
    else this.#get(out, source);
    this.#get(out, length);
    out.u8(Op.prefixMisc);
    out.u8(operation);
    if (operation === Misc.memoryInit) out.u32(segment);
    out.u8(0);
    if (operation === Misc.memoryCopy) out.u8(0);
    this.#meter.chargeBulk(out, length);
  }

  #checkRange(out: ByteWriter, start: number, length: number): void {
    this.#get(out, start);
    out.u8(Op.i64ExtendI32U);
    this.#get(out, length);
    out.u8(Op.i64ExtendI32U);
    out.u8(Op.i64Add);
    this.#wideLimit(out);
    out.u8(Op.i64GtU);
    this.#meter.trapIf(out, trapCodes.outOfBounds);
  }

  #wideLimit(out: ByteWriter): void {
    if (this.#layout.grows) {
      this.#limit(out);
      out.u8(Op.i64ExtendI32U);
    } else {
      out.u8(Op.i64Const);
      out.signed(this.#initialBytes);
    }
  }

  #limit(out: ByteWriter): void {
    out.u8(Op.globalGet);
    out.u32(this.#layout.limitGlobal);
  }

  #rebased(out: ByteWriter, local: number): void {
    this.#get(out, local);
    this.#get(out, this.#locals.local(i32, scratch.base));
    out.u8(Op.i32Add);
  }

  #constant(out: ByteWriter, value: number): void {
    out.u8(Op.i32Const);
    out.signed(value);
  }

  #get(out: ByteWriter, local: number): void {
    out.u8(Op.localGet);
    out.u32(local);
  }

  #set(out: ByteWriter, local: number): void {
    out.u8(Op.localSet);
    out.u32(local);
  }

  #tee(out: ByteWriter, local: number): void {
    out.u8(Op.localTee);
    out.u32(local);
  }
}
