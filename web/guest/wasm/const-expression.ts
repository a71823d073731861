/** Constant expressions: the initial values of globals and the offsets of segments. */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { UnsupportedFeatureError } from './invalid-module.ts';
import { Op } from './opcodes.ts';

/**
 * Passes over one expression with its `end`. With `out`, writes it there without the `end`.
 * Returns the value when the expression is one `i32.const`, else null.
 */
export function readConstExpression(reader: ByteReader, out?: ByteWriter): number | null {
  let value: number | null = null;
  for (let count = 0; ; count++) {
    const start = reader.offset;
    const op = reader.u8();
    if (op === Op.end) return value;
    value = null;
    if (op === Op.i32Const) {
      const constant = reader.s32();
      if (count === 0) value = constant;
    } else if (op === Op.globalGet) reader.skipLeb(5);
    else if (op === Op.i64Const) reader.skipLeb(10);
    else if (op === Op.f32Const) reader.skip(4);
    else if (op === Op.f64Const) reader.skip(8);
    else if (op === Op.refNull) reader.skipLeb(5);
    else if (op === Op.refFunc) reader.skipLeb(5);
    else if (op === Op.prefixSimd) throw new UnsupportedFeatureError('SIMD', start);
    else if (op === Op.prefixGc) throw new UnsupportedFeatureError('garbage collection (GC)', start);
    else if (!extendedConst.has(op)) {
      reader.fail(`the instruction 0x${op.toString(16)} is not allowed in a constant expression`, start);
    }
    out?.copy(reader.bytes, start, reader.offset);
  }
}

const extendedConst = new Set<number>([Op.i32Add, Op.i32Sub, Op.i32Mul, Op.i64Add, Op.i64Sub, Op.i64Mul]);
