/** Rewrites all function bodies, and makes the functions by which guests begin in an instance and take turns. */
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readConstExpression } from './const-expression.ts';
import { UnsupportedFeatureError } from './invalid-module.ts';
import { FunctionRewriter } from './function-rewriter.ts';
import { MemoryWindow } from './memory-window.ts';
import { Meter } from './meter.ts';
import { Misc, Op } from './opcodes.ts';
import { ScratchLocals } from './scratch-locals.ts';
import { Section, sectionReader } from './sections.ts';
import type { TransformPlan } from './transform-plan.ts';
import { BEGIN_PARAMETERS, keptGlobals, turnFunctions, type TurnFunction } from './turn-functions.ts';

export interface RewrittenCode {
  /** Bodies without their count. */
  bodies: ByteWriter;
  growsMemory: boolean;
  /** Those by which guests take turns, behind the module's own. */
  functions: TurnFunction[];
  /** Whether guests can take turns in one instance. */
  shareable: boolean;
  /** Present when active data segments became passive. */
  data: { section: ByteWriter; segments: number } | null;
}

export function rewriteCode(plan: TransformPlan): RewrittenCode {
  // Most guests never grow, and a limit that is constant makes each check one comparison:
  // so that is assumed until a `memory.grow` turns up.
  const rewritten = rewriteAssuming(plan, false);
  return rewritten.growsMemory && plan.moved ? rewriteAssuming(plan, true) : rewritten;
}

function rewriteAssuming(plan: TransformPlan, grows: boolean): RewrittenCode {
  const { declared } = plan;
  const locals = new ScratchLocals();
  const meter = new Meter(plan.fuelGlobal, plan.trapGlobal, locals, plan.moved);
  const window = plan.moved ? new MemoryWindow({ ...plan, grows }, meter, locals) : null;
  const rewriter = new FunctionRewriter({ meter, window, locals });
  const code = findSection(plan, Section.code);
  const bodies = new ByteWriter(Math.max(256, (code?.end ?? 0) * 3));
  if (code) {
    let index = declared.imported.function;
    for (let left = code.u32(); left > 0; left--) {
      const type = declared.types[declared.functions[index++] ?? -1];
      if (!type) code.fail('there is a function body without a declaration');
      rewriter.rewrite(code, type.params.length, bodies);
    }
  }
  const kept = rewriter.changesInstance ? null : keptGlobals(plan, grows);
  const { data, ...begin } = beginGuest(plan, window, meter, locals, kept === null);
  return {
    bodies,
    growsMemory: rewriter.growsMemory,
    functions: turnFunctions(plan, begin, kept),
    shareable: kept !== null,
    data,
  };
}

/**
 * A window's place is known only when its guest begins, and not every engine takes sums in offset
 * expressions. So active segments become passive, and they are copied when a guest begins, in their order and
 * with the traps of the original; then the module's own start function is called.
 * @param once no other guest will begin in the instance: a segment that was copied is gone
 */
function beginGuest(
  plan: TransformPlan,
  window: MemoryWindow | null,
  meter: Meter,
  locals: ScratchLocals,
  once: boolean,
): { data: RewrittenCode['data']; locals: ByteWriter; instructions: ByteWriter } {
  locals.reset(BEGIN_PARAMETERS);
  const copying = new ByteWriter();
  meter.depth = 0;
  meter.open(copying);
  meter.load(copying);
  const { data, fits } = window ? copySegments(plan, window, copying, once) : { data: null, fits: true };
  if (fits && plan.declared.start !== null) {
    copying.u8(Op.call);
    copying.u32(plan.declared.start);
  }
  meter.close(copying);
  const instructions = new ByteWriter();
  window?.enter(instructions);
  instructions.append(copying);
  const declarations = new ByteWriter();
  declarations.u32(locals.count);
  locals.declare(declarations);
  return { data, locals: declarations, instructions };
}
/** Makes active segments passive, and emits their copying as far as they fit. */
function copySegments(
  plan: TransformPlan,
  window: MemoryWindow,
  instructions: ByteWriter,
  once: boolean,
): { data: RewrittenCode['data']; fits: boolean } {
  const reader = findSection(plan, Section.data);
  if (!reader) return { data: null, fits: true };
  const segments = reader.u32();
  const section = new ByteWriter(reader.end - reader.offset);
  let anyActive = false;
  let fits = true;
  section.u32(segments);
  for (let index = 0; index < segments; index++) {
    const offset = new ByteWriter(16);
    const active = readSegmentMode(reader, offset);
    const start = reader.offset;
    const size = reader.u32();
    reader.skip(size);
    section.u8(1);
    section.copy(reader.bytes, start, reader.offset);
    anyActive ||= active;
    if (!active || !fits) continue;
    instructions.append(offset);
    fits = window.address(instructions, size);
    if (fits) copySegment(instructions, index, size, once);
  }
  return { data: anyActive ? { section, segments } : null, fits };
}

/** Returns whether the segment is active; its offset expression then stands in `offset`. */
function readSegmentMode(
  reader: ByteReader,
  offset: ByteWriter,
): boolean {
  const start = reader.offset;
  const mode = reader.u32();
  if (mode > 2) reader.fail(`${mode} is not the mode of a data segment`, start);
  if (mode === 1) return false;
  if (mode === 2 && reader.u32() !== 0) throw new UnsupportedFeatureError('multiple memories', start);
  readConstExpression(reader, offset);
  return true;
}

/** The rebased target address is on the operand stack. */
function copySegment(out: ByteWriter, index: number, size: number, once: boolean): void {
  out.u8(Op.i32Const);
  out.u8(0);
  out.u8(Op.i32Const);
  out.signed(size);
  out.u8(Op.prefixMisc);
  out.u8(Misc.memoryInit);
  out.u32(index);
  out.u8(0);
  if (!once) return;
  out.u8(Op.prefixMisc);
  out.u8(Misc.dataDrop);
  out.u32(index);
}

function findSection(plan: TransformPlan, id: number): ByteReader | null {
  const { bytes, sections } = plan.declared;
  const span = sections.find((section) => section.id === id);
  return span ? sectionReader(bytes, span) : null;
}
