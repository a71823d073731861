/**
 * Emits the instructions that count what a guest retires.
 *
 * The rule is Wasmtime's fuel: `nop`, `drop`, `block`, `loop`, `unreachable`, `return`, `else` and `end`
 * cost nothing, any other instruction one, and each entry of a function one more. The fuel global counts
 * down; what a straight run of instructions costs is taken off at its end, and the global is looked at
 * where code can repeat: at function entries and loop headers.
 */
import type { ByteWriter } from './byte-writer.ts';
import { emptyBlock, Op } from './opcodes.ts';
import { trapCodes } from './transformed-names.ts';

/** A bulk operation costs one more for each 2^4 bytes or table entries, as a copying loop would. */
const BULK_SHIFT = 4;

export class Meter {
  readonly #fuelGlobal: number;
  readonly #trapGlobal: number;

  constructor(fuelGlobal: number, trapGlobal: number) {
    this.#fuelGlobal = fuelGlobal;
    this.#trapGlobal = trapGlobal;
  }

  /** Takes `cost` off the fuel; needs nothing from the operand stack and leaves nothing. */
  charge(out: ByteWriter, cost: number): void {
    if (cost === 0) return;
    out.u8(Op.globalGet);
    out.u32(this.#fuelGlobal);
    out.u8(Op.i32Const);
    out.signed(cost);
    out.u8(Op.i32Sub);
    out.u8(Op.globalSet);
    out.u32(this.#fuelGlobal);
  }

  /** Stops the guest when the fuel is below zero. */
  check(out: ByteWriter): void {
    out.u8(Op.globalGet);
    out.u32(this.#fuelGlobal);
    out.u8(Op.i32Const);
    out.u8(0);
    out.u8(Op.i32LtS);
    this.trapIf(out, trapCodes.outOfFuel);
  }

  /**
   * Charges the bulk operation that was just done, whose length is in `lengthLocal`, and checks: the length
   * may be the guest's whole memory. Before the operation it could be any number, and the fuel would wrap.
   */
  chargeBulk(out: ByteWriter, lengthLocal: number): void {
    out.u8(Op.globalGet);
    out.u32(this.#fuelGlobal);
    out.u8(Op.localGet);
    out.u32(lengthLocal);
    out.u8(Op.i32Const);
    out.u8(BULK_SHIFT);
    out.u8(Op.i32ShrU);
    out.u8(Op.i32Sub);
    out.u8(Op.globalSet);
    out.u32(this.#fuelGlobal);
    this.check(out);
  }

  /** Takes an i32 from the operand stack and traps unless it is zero. */
  trapIf(out: ByteWriter, code: number): void {
    out.u8(Op.if);
    out.u8(emptyBlock);
    this.trap(out, code);
    out.u8(Op.end);
  }

  trap(out: ByteWriter, code: number): void {
    out.u8(Op.i32Const);
    out.u8(code);
    out.u8(Op.globalSet);
    out.u32(this.#trapGlobal);
    out.u8(Op.unreachable);
  }
}
