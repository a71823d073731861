/**
 * Rewrites one function body: counts its instructions and confines its memory accesses.
 *
 * One pass over the bytes. What needs no change is copied in runs; code that cannot be reached is left
 * out, since it is not counted and may not be typed like the rest. Labels keep their depth, since what is added
 * encloses whole bodies alone; only that of the function itself moves.
 */
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { UnsupportedFeatureError } from './invalid-module.ts';
import type { MemoryWindow } from './memory-window.ts';
import type { Meter } from './meter.ts';
import {
  accessWidths,
  changingMisc,
  chargedMisc,
  featureOfMisc,
  featureOfOpcode,
  firstAccess,
  firstStore,
  Immediate,
  immediates,
  mayTrap,
  Misc,
  Op,
  storedTypes,
} from './opcodes.ts';
import { readBlockType, readMemoryIndex } from './read-immediates.ts';
import { valueTypeBytes } from './read-types.ts';
import { scratch, type ScratchLocals } from './scratch-locals.ts';

export interface RewriteContext {
  meter: Meter;
  /** Null leaves memory accesses as they are. */
  window: MemoryWindow | null;
  locals: ScratchLocals;
}

/** Bits of a control frame. */
const Frame = { if: 1, loop: 2, branchedTo: 4, thenFallsThrough: 8, else: 16 } as const;
/** Engines refuse functions with more; https://www.w3.org/TR/wasm-js-api/#limits */
const MAX_LOCALS = 50_000;
const { i32 } = valueTypeBytes;

export class FunctionRewriter {
  /** Whether any function so far grows its memory. */
  growsMemory = false;
  /** Whether any changes what an instance has besides memory and globals: its tables, or which segments are dropped. */
  changesInstance = false;
  readonly #context: RewriteContext;
  readonly #head = new ByteWriter();
  readonly #out = new ByteWriter(4096);
  readonly #frames: number[] = [];
  /** Cost of the instructions since the last charge. */
  #pending = 0;
  #reachable = true;
  /** Blocks opened inside unreachable code. */
  #skipped = 0;
  /** Start of the run of bytes that is to be copied unchanged. */
  #runStart = 0;

  constructor(context: RewriteContext) {
    this.#context = context;
  }

  /** Reads the body at `reader` and appends the rewritten one, with its size, to `code`. */
  rewrite(reader: ByteReader, parameters: number, code: ByteWriter): void {
    const size = reader.u32();
    const end = reader.offset + size;
    if (end > reader.end) reader.fail('a function leaves its section');
    const body = new ByteReader(reader.bytes, reader.offset, end, reader.place);
    const groups = body.u32();
    const groupsStart = body.offset;
    let count = parameters;
    for (let left = groups; left > 0; left--) {
      count += body.u32();
      body.skipLeb(5);
    }
    const { locals } = this.#context;
    locals.reset(count);
    const groupsEnd = body.offset;
    this.#instructions(body);
    reader.offset = end;
    if (count + locals.count > MAX_LOCALS)
      reader.fail(`a function has ${count} locals, too many,`, groupsStart);
    this.#head.clear();
    this.#head.u32(groups + locals.count);
    this.#head.copy(body.bytes, groupsStart, groupsEnd);
    locals.declare(this.#head);
    this.#context.window?.enter(this.#head);
    code.u32(this.#head.length + this.#out.length);
    code.append(this.#head);
    code.append(this.#out);
  }

  #instructions(body: ByteReader): void {
    const out = this.#out;
    const frames = this.#frames;
    out.clear();
    frames.length = 0;
    frames.push(0);
    this.#pending = 1;
    this.#reachable = true;
    this.#skipped = 0;
    this.#runStart = body.offset;
    const { meter } = this.#context;
    meter.depth = 0;
    meter.open(out);
    meter.load(out);
    meter.check(out);
    while (frames.length > 0) {
      const start = body.offset;
      const op = body.u8();
      const immediate = immediates[op]!;
      if (this.#reachable && op !== Op.nop && op !== Op.drop && immediate !== Immediate.special)
        this.#pending++;
      if (mayTrap[op] !== 0) this.#storeBefore(body, start);
      switch (immediate) {
        case Immediate.none:
          break;
        case Immediate.index:
          body.skipLeb(5);
          break;
        case Immediate.i64:
          body.skipLeb(10);
          break;
        case Immediate.four:
          body.skip(4);
          break;
        case Immediate.eight:
          body.skip(8);
          break;
        case Immediate.load:
        case Immediate.store:
          this.#access(body, op, start);
          break;
        case Immediate.special:
          if (!this.#control(body, op, start)) this.#other(body, op, start);
          break;
        default:
          throw new UnsupportedFeatureError(featureOfOpcode(op), start);
      }
    }
    meter.close(out);
    if (!body.done) body.fail('there is code after the end of a function');
  }

  /** Copies what needed no change, up to `until`, and goes on after what was read. */
  #copyRun(body: ByteReader, until: number): void {
    if (this.#reachable) this.#out.copy(body.bytes, this.#runStart, until);
    this.#runStart = body.offset;
  }

  /** Puts a charge for what is pending in front of the instruction at `start`. */
  #chargeBefore(body: ByteReader, start: number): void {
    if (this.#pending === 0) return;
    this.#copyRun(body, start);
    this.#runStart = start;
    this.#context.meter.charge(this.#out, this.#pending);
    this.#pending = 0;
  }

  /** Lets the count be seen at the instruction at `start`: it may leave the function. */
  #storeBefore(body: ByteReader, start: number): void {
    if (!this.#reachable) return;
    this.#copyRun(body, start);
    this.#runStart = start;
    this.#context.meter.store(this.#out);
  }

  /** What follows is not reached until the frame ends or its `else` begins. */
  #leave(body: ByteReader): void {
    this.#copyRun(body, body.offset);
    this.#reachable = false;
  }

  /** Structured control; returns false for other instructions. */
  #control(body: ByteReader, op: number, start: number): boolean {
    switch (op) {
      case Op.block:
      case Op.loop:
      case Op.if:
        readBlockType(body);
        this.#open(body, op, start);
        return true;
      case Op.else:
        this.#else(body, start);
        return true;
      case Op.end:
        this.#end(body, start);
        return true;
      case Op.br:
      case Op.brIf:
      case Op.brTable:
        this.#branch(body, op, start);
        return true;
      case Op.unreachable:
      case Op.return:
        if (!this.#reachable) return true;
        this.#chargeBefore(body, start);
        this.#storeBefore(body, start);
        this.#leave(body);
        return true;
      case Op.call:
      case Op.callIndirect:
        body.skipLeb(5);
        if (op === Op.callIndirect) body.skipLeb(5);
        if (!this.#reachable) return true;
        this.#pending++;
        this.#chargeBefore(body, start);
        this.#storeBefore(body, start);
        this.#copyRun(body, body.offset);
        this.#context.meter.load(this.#out);
        this.#context.meter.check(this.#out);
        return true;
      default:
        return false;
    }
  }

  #open(body: ByteReader, op: number, start: number): void {
    if (!this.#reachable) {
      this.#skipped++;
      return;
    }
    if (op === Op.if) this.#pending++;
    if (op !== Op.block) this.#chargeBefore(body, start);
    this.#frames.push(op === Op.if ? Frame.if : op === Op.loop ? Frame.loop : 0);
    const { meter } = this.#context;
    meter.depth++;
    if (op !== Op.loop) return;
    this.#copyRun(body, body.offset);
    meter.merge();
    meter.check(this.#out);
  }

  #else(body: ByteReader, start: number): void {
    if (this.#skipped > 0) return;
    const top = this.#frames.length - 1;
    if ((this.#frames[top]! & Frame.if) === 0) body.fail('there is an `else` without its `if`', start);
    if (this.#reachable) {
      this.#chargeBefore(body, start);
      this.#frames[top]! |= Frame.thenFallsThrough;
    } else {
      this.#resume(start);
    }
    this.#context.meter.merge();
    this.#frames[top]! ^= Frame.if | Frame.else;
  }

  #end(body: ByteReader, start: number): void {
    if (this.#skipped > 0) {
      this.#skipped--;
      return;
    }
    const frame = this.#frames.pop()!;
    if (this.#frames.length === 0) {
      if (!this.#reachable) return;
      this.#chargeBefore(body, start);
      this.#storeBefore(body, start);
      return this.#copyRun(body, start);
    }
    this.#context.meter.depth--;
    const branchedTo = (frame & Frame.branchedTo) !== 0 && (frame & Frame.loop) === 0;
    const merges = (frame & (Frame.if | Frame.else)) !== 0 || branchedTo;
    let continues: boolean = (frame & (Frame.if | Frame.thenFallsThrough)) !== 0 || branchedTo;
    if (this.#reachable) {
      continues = true;
      if (merges) this.#chargeBefore(body, start);
    } else {
      this.#resume(start);
    }
    if (merges) this.#context.meter.merge();
    if (continues) return;
    // The types behind this `end` are those of the block, but the code there is left out.
    this.#copyRun(body, body.offset);
    this.#out.u8(Op.unreachable);
    this.#reachable = false;
  }

  /** Code is reached again from the `else` or `end` at `start` on. */
  #resume(start: number): void {
    this.#reachable = true;
    this.#runStart = start;
    this.#pending = 0;
  }

  #branch(body: ByteReader, op: number, start: number): void {
    const others = op === Op.brTable ? body.u32() : 0;
    const labels: number[] = [];
    for (let left = others; left >= 0; left--) labels.push(body.u32());
    if (!this.#reachable) return;
    const outermost = this.#frames.length - 1;
    let returns = false;
    for (const label of labels) {
      if (label > outermost) body.fail('a branch leaves its function');
      this.#frames[outermost - label]! |= Frame.branchedTo;
      if (label === outermost) returns = true;
    }
    this.#pending++;
    this.#chargeBefore(body, start);
    if (returns) {
      this.#storeBefore(body, start);
      this.#copyRun(body, start);
      this.#out.u8(op);
      if (op === Op.brTable) this.#out.u32(others);
      const { outerLabels } = this.#context.meter;
      for (const label of labels) this.#out.u32(label === outermost ? label + outerLabels : label);
    }
    if (op !== Op.brIf) this.#leave(body);
  }

  #access(body: ByteReader, op: number, start: number): void {
    const alignment = body.u32();
    if (alignment & 0x40) throw new UnsupportedFeatureError('multiple memories', start);
    const immediatesEnd = body.offset;
    const staticOffset = body.u32();
    const { window, locals } = this.#context;
    if (!window) return this.#storeBefore(body, start);
    if (!this.#reachable) return;
    this.#copyRun(body, start);
    let value = -1;
    if (op >= firstStore) {
      value = locals.local(storedTypes[op - firstStore]!, scratch.second);
      this.#out.u8(Op.localSet);
      this.#out.u32(value);
    }
    if (!window.address(this.#out, staticOffset + accessWidths[op - firstAccess]!)) {
      this.#reachable = false;
      return;
    }
    if (value >= 0) {
      this.#out.u8(Op.localGet);
      this.#out.u32(value);
    }
    this.#out.copy(body.bytes, start, immediatesEnd);
    this.#out.u32(staticOffset);
  }

  /** Instructions that are neither plain nor structured control. */
  #other(body: ByteReader, op: number, start: number): void {
    const { window } = this.#context;
    if (this.#reachable) this.#pending++;
    if (op === Op.prefixMisc) return this.#misc(body, start);
    if (op === Op.selectTyped) {
      for (let left = body.u32(); left > 0; left--) body.skipLeb(5);
      return;
    }
    if (op === Op.refNull) {
      const type = body.u8();
      if (type !== valueTypeBytes.funcref && type !== valueTypeBytes.externref) {
        throw new UnsupportedFeatureError('typed function references', start);
      }
      return;
    }
    if (op === Op.tableSet) {
      body.skipLeb(5);
      if (this.#reachable) this.changesInstance = true;
      return;
    }
    readMemoryIndex(body, start);
    if (!this.#reachable) return;
    if (op === Op.memoryGrow) this.growsMemory = true;
    if (!window) return;
    this.#copyRun(body, start);
    if (op === Op.memoryGrow) window.grow(this.#out);
    else window.size(this.#out);
  }

  #misc(body: ByteReader, start: number): void {
    const operation = body.u32();
    if (operation <= Misc.lastConversion) return;
    if (operation > Misc.tableFill) throw new UnsupportedFeatureError(featureOfMisc(operation), start);
    const first = operation === Misc.memoryCopy || operation === Misc.memoryFill ? 0 : body.u32();
    if (operation === Misc.memoryInit || operation === Misc.memoryCopy || operation === Misc.memoryFill) {
      readMemoryIndex(body, start);
    }
    if (operation === Misc.memoryCopy) readMemoryIndex(body, start);
    if (operation === Misc.tableInit || operation === Misc.tableCopy) body.skipLeb(5);
    if (this.#reachable && changingMisc.has(operation)) this.changesInstance = true;
    if (!this.#reachable || !chargedMisc.has(operation)) return;
    const { window, meter, locals } = this.#context;
    this.#storeBefore(body, start);
    if (window && operation <= Misc.memoryFill) {
      this.#runStart = body.offset;
      return window.bulk(this.#out, operation, first);
    }
    const length = locals.local(i32, scratch.third);
    this.#out.u8(Op.localTee);
    this.#out.u32(length);
    this.#copyRun(body, body.offset);
    meter.chargeBulk(this.#out, length);
  }
}
