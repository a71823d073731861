/** Rewrites all function bodies, and makes the start function that fills a window. */
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

export interface RewrittenCode {
  /** Bodies without their count. */
  bodies: ByteWriter;
  growsMemory: boolean;
  /** Present when active data segments became passive: the section, and a function that copies them. */
  data: { section: ByteWriter; segments: number; starter: ByteWriter } | null;
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
  const rewriter = new FunctionRewriter({ meter, window, locals, firstMovedGlobal: plan.firstMovedGlobal });
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
  return { bodies, growsMemory: rewriter.growsMemory, data: window && loadData(plan, window, meter, locals) };
}

/**
 * A window's place is known only when it is instantiated, and not every engine takes sums in offset
 * expressions. So active segments become passive, and a start function copies them, in their order and
 * with the traps of the original; then it calls the module's own start function.
 */
function loadData(
  plan: TransformPlan,
  window: MemoryWindow,
  meter: Meter,
  locals: ScratchLocals,
): RewrittenCode['data'] {
  const reader = findSection(plan, Section.data);
  if (!reader) return null;
  locals.reset(0);
  const segments = reader.u32();
  const section = new ByteWriter(reader.end - reader.offset);
  const instructions = new ByteWriter();
  meter.depth = 0;
  meter.open(instructions);
  meter.load(instructions);
  let anyActive = false;
  let fits = true;
  section.u32(segments);
  for (let index = 0; index < segments; index++) {
    const offset = new ByteWriter(16);
    const active = readSegmentMode(reader, offset, plan.mapGlobal);
    const start = reader.offset;
    const size = reader.u32();
    reader.skip(size);
    section.u8(1);
    section.copy(reader.bytes, start, reader.offset);
    anyActive ||= active;
    if (!active || !fits) continue;
    instructions.append(offset);
    fits = window.address(instructions, size);
    if (fits) copySegment(instructions, index, size);
  }
  if (!anyActive) return null;
  if (fits && plan.declared.start !== null) {
    instructions.u8(Op.call);
    instructions.u32(plan.declared.start);
  }
  meter.close(instructions);
  const body = new ByteWriter();
  body.u32(locals.count);
  locals.declare(body);
  window.enter(body);
  body.append(instructions);
  const starter = new ByteWriter();
  starter.u32(body.length);
  starter.append(body);
  return { section, segments, starter };
}

/** Returns whether the segment is active; its offset expression then stands in `offset`. */
function readSegmentMode(
  reader: ByteReader,
  offset: ByteWriter,
  mapGlobal: (index: number) => number,
): boolean {
  const start = reader.offset;
  const mode = reader.u32();
  if (mode > 2) reader.fail(`${mode} is not the mode of a data segment`, start);
  if (mode === 1) return false;
  if (mode === 2 && reader.u32() !== 0) throw new UnsupportedFeatureError('multiple memories', start);
  readConstExpression(reader, offset, mapGlobal);
  return true;
}

/** The rebased target address is on the operand stack. */
function copySegment(out: ByteWriter, index: number, size: number): void {
  out.u8(Op.i32Const);
  out.u8(0);
  out.u8(Op.i32Const);
  out.signed(size);
  out.u8(Op.prefixMisc);
  out.u8(Misc.memoryInit);
  out.u32(index);
  out.u8(0);
  out.u8(Op.prefixMisc);
  out.u8(Misc.dataDrop);
  out.u32(index);
}

function findSection(plan: TransformPlan, id: number): ByteReader | null {
  const { bytes, sections } = plan.declared;
  const span = sections.find((section) => section.id === id);
  return span ? sectionReader(bytes, span) : null;
}
