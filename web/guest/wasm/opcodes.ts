/** Instructions by their bytes. https://webassembly.github.io/spec/core/binary/instructions.html */
export const Op = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  selectTyped: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableGet: 0x25,
  tableSet: 0x26,
  i32Load: 0x28,
  i32Store: 0x36,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32LtS: 0x48,
  i32GtU: 0x4b,
  i64GtU: 0x56,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64ExtendI32U: 0xad,
  refNull: 0xd0,
  refFunc: 0xd2,
  prefixGc: 0xfb,
  prefixMisc: 0xfc,
  prefixSimd: 0xfd,
  prefixAtomic: 0xfe,
} as const;

/** Second byte after `Op.prefixMisc`; 0 to 7 are the saturating conversions. */
export const Misc = {
  lastConversion: 7,
  memoryInit: 8,
  dataDrop: 9,
  memoryCopy: 10,
  memoryFill: 11,
  tableInit: 12,
  elemDrop: 13,
  tableCopy: 14,
  tableGrow: 15,
  tableSize: 16,
  tableFill: 17,
} as const;

/** Bulk operations, with the length on top of the operand stack. Without `table.grow`: all that a table may grow is bounded. */
export const chargedMisc = new Set<number>([
  ...[Misc.memoryInit, Misc.memoryCopy, Misc.memoryFill],
  ...[Misc.tableInit, Misc.tableCopy, Misc.tableFill],
]);

/**
 * Operations on what an instance has besides memory and globals; `memory.init` because a segment that was copied at
 * the start counts as dropped for it.
 */
export const changingMisc = new Set<number>([
  ...[Misc.memoryInit, Misc.dataDrop, Misc.tableInit, Misc.elemDrop],
  ...[Misc.tableCopy, Misc.tableGrow, Misc.tableFill],
]);

/** The block type of a block that takes and leaves nothing. */
export const emptyBlock = 0x40;

/** What follows an instruction's byte. */
export const Immediate = {
  /** Not an instruction of the supported set. */
  unknown: 0,
  none: 1,
  /** One LEB128 of up to five bytes. */
  index: 2,
  /** Handled by a case of its own. */
  special: 3,
  load: 4,
  store: 5,
  i64: 6,
  four: 7,
  eight: 8,
} as const;

/** `Immediate` of each first byte. */
export const immediates = new Uint8Array(256);
immediates.fill(Immediate.none, 0x45, 0xc5);
immediates.fill(Immediate.load, 0x28, 0x36);
immediates.fill(Immediate.store, 0x36, 0x3f);
for (const op of [Op.nop, Op.drop, 0x1b, 0xd1]) immediates[op] = Immediate.none;
for (const op of [
  ...[Op.localGet, Op.localSet, Op.localTee, Op.globalGet, Op.globalSet, Op.tableGet],
  ...[Op.i32Const, Op.refFunc],
]) {
  immediates[op] = Immediate.index;
}
immediates[Op.i64Const] = Immediate.i64;
immediates[Op.f32Const] = Immediate.four;
immediates[Op.f64Const] = Immediate.eight;
for (const op of [
  ...[Op.unreachable, Op.block, Op.loop, Op.if, Op.else, Op.end, Op.br, Op.brIf, Op.brTable, Op.return],
  ...[Op.call, Op.callIndirect, Op.selectTyped, Op.tableSet, Op.memorySize, Op.memoryGrow],
  ...[Op.refNull, Op.prefixMisc],
]) {
  immediates[op] = Immediate.special;
}

/** Bytes that a load or store (0x28 to 0x3e) touches, by opcode - 0x28. */
export const accessWidths = Uint8Array.of(
  ...[4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4],
  ...[4, 8, 4, 8, 1, 2, 1, 2, 4],
);
export const firstAccess = 0x28;

/** Value type byte of what a store (0x36 to 0x3e) takes, by opcode - 0x36. */
export const storedTypes = Uint8Array.of(0x7f, 0x7e, 0x7d, 0x7c, 0x7f, 0x7f, 0x7e, 0x7e, 0x7e);
export const firstStore = 0x36;

/** By first byte, whether the engine itself may trap in it; accesses to memory, calls and bulk operations apart. */
export const mayTrap = new Uint8Array(256);
for (const op of [Op.tableGet, Op.tableSet]) mayTrap[op] = 1;
for (const [first, end] of [
  // Divisions and remainders, then truncations of floats.
  ...[[0x6d, 0x71], [0x7f, 0x83], [0xa8, 0xac], [0xae, 0xb2]],
] as const) {
  mayTrap.fill(1, first, end);
}

/** Name of the feature that an unsupported first byte belongs to. */
export function featureOfOpcode(op: number): string {
  if (op === Op.prefixSimd) return 'SIMD';
  if (op === Op.prefixAtomic) return 'threads (atomic instructions)';
  if (op === Op.prefixGc || op === 0xd3) return 'garbage collection (GC)';
  if (op === 0x12 || op === 0x13) return 'tail calls';
  if (op === 0x14 || op === 0x15 || op === 0xd4 || op === 0xd5 || op === 0xd6)
    return 'typed function references';
  if ((op >= 0x06 && op <= 0x0a) || op === 0x18 || op === 0x19 || op === 0x1f) return 'exceptions';
  return `the unknown instruction 0x${op.toString(16)}`;
}

/** The same for what follows `Op.prefixMisc`. */
export function featureOfMisc(operation: number): string {
  if (operation === 18) return 'memory control';
  return operation <= 22 ? 'wide arithmetic' : `the unknown instruction 0xfc ${operation}`;
}
