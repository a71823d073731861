/**
 * Emits the instructions that count what a guest retires.
 *
 * The rule is Wasmtime's fuel: `nop`, `drop`, `block`, `loop`, `unreachable`, `return`, `else` and `end`
 * cost nothing, any other instruction one, and each entry of a function one more. What a straight run of
 * instructions costs is taken off at its end.
 *
 * The fuel global counts down. Inside a function it lives in a local, since a global that is written in a loop costs
 * five cycles each time: it is stored where others may look, before a call, a return and whatever may trap, and
 * loaded again after a call. It is checked where code can repeat, at function entries, loop headers and after calls:
 * so a guest never goes further below zero than the instructions of one function body and one bulk operation.
 */
import type { ByteWriter } from './byte-writer.ts';
import { emptyBlock, Op } from './opcodes.ts';
import { valueTypeBytes } from './read-types.ts';
import { scratch, type ScratchLocals } from './scratch-locals.ts';
import { trapCodes } from './transformed-names.ts';

/** A bulk operation costs one more for each 2^4 bytes or table entries, as a copying loop would. */
const BULK_SHIFT = 4;

/** The n-th block around a body, from the inside, is for the trap n. */
type TrapCode = typeof trapCodes.outOfFuel | typeof trapCodes.outOfBounds;

export class Meter {
  readonly #fuelGlobal: number;
  readonly #trapGlobal: number;
  readonly #locals: ScratchLocals;
  /** Blocks around a body: one for each trap that can occur. */
  readonly outerLabels: number;
  /** Labels of the guest's around the place where code is emitted, without the function's own. */
  depth = 0;
  /** Whether the global surely is what the local is. */
  #stored = false;

  constructor(fuelGlobal: number, trapGlobal: number, locals: ScratchLocals, bounded: boolean) {
    this.outerLabels = bounded ? trapCodes.outOfBounds : trapCodes.outOfFuel;
    this.#fuelGlobal = fuelGlobal;
    this.#trapGlobal = trapGlobal;
    this.#locals = locals;
  }

  /** At the entry of a function and after a call. */
  load(out: ByteWriter): void {
    out.u8(Op.globalGet);
    out.u32(this.#fuelGlobal);
    out.u8(Op.localSet);
    out.u32(this.#fuel);
    this.#stored = true;
  }

  /** Before anything that lets the global be seen. */
  store(out: ByteWriter): void {
    if (this.#stored) return;
    this.#writeGlobal(out);
    this.#stored = true;
  }

  /** Code may come here by other ways than the one just rewritten. */
  merge(): void {
    this.#stored = false;
  }

  /** Takes `cost` off the fuel; needs nothing from the operand stack and leaves nothing. */
  charge(out: ByteWriter, cost: number): void {
    if (cost === 0) return;
    out.u8(Op.localGet);
    out.u32(this.#fuel);
    out.u8(Op.i32Const);
    out.signed(cost);
    out.u8(Op.i32Sub);
    out.u8(Op.localSet);
    out.u32(this.#fuel);
    this.#stored = false;
  }

  /** Stops the guest when the fuel is below zero. */
  check(out: ByteWriter): void {
    out.u8(Op.localGet);
    out.u32(this.#fuel);
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
    out.u8(Op.localGet);
    out.u32(this.#fuel);
    out.u8(Op.localGet);
    out.u32(lengthLocal);
    out.u8(Op.i32Const);
    out.u8(BULK_SHIFT);
    out.u8(Op.i32ShrU);
    out.u8(Op.i32Sub);
    out.u8(Op.localSet);
    out.u32(this.#fuel);
    this.#stored = false;
    this.check(out);
  }

  /**
   * Before a body. Traps lie behind it, out of the way of what is executed, and are branched to: so around the body
   * there are blocks for them, and the guest's branches to the function itself have `outerLabels` more to pass.
   */
  open(out: ByteWriter): void {
    for (let left = this.outerLabels; left > 0; left--) {
      out.u8(Op.block);
      out.u8(emptyBlock);
    }
  }

  /** Behind a body, which leaves its results on the operand stack or is not left here. */
  close(out: ByteWriter): void {
    out.u8(Op.return);
    for (let code = 1; code <= this.outerLabels; code++) {
      out.u8(Op.end);
      this.#writeGlobal(out);
      out.u8(Op.i32Const);
      out.u8(code);
      out.u8(Op.globalSet);
      out.u32(this.#trapGlobal);
      out.u8(Op.unreachable);
    }
    out.u8(Op.end);
  }

  /** Takes an i32 from the operand stack and traps unless it is zero. */
  trapIf(out: ByteWriter, code: TrapCode): void {
    out.u8(Op.brIf);
    out.u32(this.depth + code - 1);
  }

  trap(out: ByteWriter, code: TrapCode): void {
    out.u8(Op.br);
    out.u32(this.depth + code - 1);
  }

  get #fuel(): number {
    return this.#locals.local(valueTypeBytes.i32, scratch.fuel);
  }

  #writeGlobal(out: ByteWriter): void {
    out.u8(Op.localGet);
    out.u32(this.#fuel);
    out.u8(Op.globalSet);
    out.u32(this.#fuelGlobal);
  }
}
