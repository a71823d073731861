/**
 * The functions that a transformed module is given, by which guests take turns in one instance of it.
 *
 * What a guest has besides its memory are the mutable globals, and those lie in the host's part of the shared memory
 * while others have the turn. A module that changes more of its instance than that is not shared.
 */
import { ByteWriter } from './byte-writer.ts';
import { readConstExpression } from './const-expression.ts';
import type { GlobalType, ValueType } from './module-types.ts';
import { Op } from './opcodes.ts';
import { functionTypeForm, readGlobalType, valueTypeBytes } from './read-types.ts';
import { Section, sectionReader } from './sections.ts';
import { initialLimit, type TransformPlan } from './transform-plan.ts';
import { STATE_BYTES_PER_PAGE, trapCodes, turnExports } from './transformed-names.ts';

/** Of `begin`: where its other locals start. */
export const BEGIN_PARAMETERS = 2;

export interface TurnFunction {
  name: string;
  params: number;
  results: number;
  /** Declarations of locals and instructions, with their end. */
  body: ByteWriter;
}

/** Bytes and alignment-free access of the types that a global's state can be kept in; opcodes of load and store. */
const stateAccess: Partial<Record<ValueType, { bytes: number; load: number; store: number }>> = {
  i32: { bytes: 4, load: Op.i32Load, store: Op.i32Store },
  i64: { bytes: 8, load: Op.i32Load + 1, store: Op.i32Store + 1 },
  f32: { bytes: 4, load: Op.i32Load + 2, store: Op.i32Store + 2 },
  f64: { bytes: 8, load: Op.i32Load + 3, store: Op.i32Store + 3 },
};

/** A global that belongs to a guest, and where its value is kept meanwhile. */
interface KeptGlobal {
  index: number;
  offset: number;
  access: NonNullable<(typeof stateAccess)[ValueType]>;
}

/**
 * The globals that change hands with the turn; null when an instance cannot be shared.
 * @param grows whether the memory does, so that its size belongs to the guest too
 */
export function keptGlobals({ declared, moved, initialPages, maxPages, limitGlobal }: TransformPlan, grows: boolean): KeptGlobal[] | null {
  const { imported, globals } = declared;
  // What was imported belongs to whoever gave it.
  if (!moved || imported.table > 0 || globals.slice(0, imported.global).some(({ mutable }) => mutable)) return null;
  const kept: KeptGlobal[] = [];
  let offset = 0;
  const keep = ({ type }: GlobalType, index: number): boolean => {
    const access = stateAccess[type];
    if (!access) return false;
    kept.push({ index, offset, access });
    offset += access.bytes;
    return true;
  };
  const all = globals.every((global, index) => !global.mutable || keep(global, index));
  if (grows) keep({ type: 'i32', mutable: true }, limitGlobal);
  const pages = grows ? maxPages : initialPages;
  return all && offset <= pages * STATE_BYTES_PER_PAGE ? kept : null;
}

/**
 * @param begin what a guest's beginning takes after the turn is its own, with its end
 * @param kept null when the instance is not shared
 */
export function turnFunctions(
  plan: TransformPlan,
  begin: { locals: ByteWriter; instructions: ByteWriter },
  kept: readonly KeptGlobal[] | null,
): TurnFunction[] {
  const { moved, window, baseGlobal, fuelGlobal, trapGlobal, limitGlobal } = plan;
  const refuelled = (out: ByteWriter, fuelParameter: number): void => {
    setFromParameter(out, fuelGlobal, fuelParameter);
    out.u8(Op.i32Const);
    out.signed(trapCodes.none);
    set(out, trapGlobal);
  };
  const simple = (name: string, params: number, results: number, write: (out: ByteWriter) => void): TurnFunction => {
    const body = new ByteWriter(64);
    body.u8(0);
    write(body);
    body.u8(Op.end);
    return { name, params, results, body };
  };
  const getter = (name: string, global: number): TurnFunction =>
    simple(name, 0, 1, (out) => {
      out.u8(Op.globalGet);
      out.u32(global);
    });
  const beginBody = new ByteWriter(256);
  beginBody.append(begin.locals);
  if (moved) setFromParameter(beginBody, baseGlobal, 0);
  refuelled(beginBody, 1);
  if (kept) reset(beginBody, plan, kept);
  beginBody.append(begin.instructions);
  return [
    { name: turnExports.begin, params: BEGIN_PARAMETERS, results: 0, body: beginBody },
    simple(turnExports.enter, 3, 0, (out) => {
      if (moved) setFromParameter(out, baseGlobal, 0);
      for (const { index, offset, access } of kept ?? []) {
        parameter(out, 1);
        reach(out, access.load, offset);
        set(out, index);
      }
      refuelled(out, 2);
    }),
    simple(turnExports.leave, 1, 0, (out) => {
      for (const { index, offset, access } of kept ?? []) {
        parameter(out, 0);
        out.u8(Op.globalGet);
        out.u32(index);
        reach(out, access.store, offset);
      }
    }),
    simple(turnExports.refuel, 1, 0, (out) => refuelled(out, 0)),
    getter(turnExports.left, fuelGlobal),
    getter(turnExports.trapped, trapGlobal),
    ...(window ? [getter(turnExports.size, limitGlobal)] : []),
  ];
}

/** Types of the functions, one each, for the end of the type section. */
export function writeTypes(out: ByteWriter, functions: readonly TurnFunction[]): void {
  for (const { params, results } of functions) {
    out.u8(functionTypeForm);
    for (const count of [params, results]) {
      out.u32(count);
      for (let left = count; left > 0; left--) out.u8(valueTypeBytes.i32);
    }
  }
}

/** Gives the kept globals what they had when the module was instantiated. */
function reset(out: ByteWriter, plan: TransformPlan, kept: readonly KeptGlobal[]): void {
  const { declared, limitGlobal } = plan;
  const indices = new Set(kept.map(({ index }) => index));
  const span = declared.sections.find(({ id }) => id === Section.global);
  if (span) {
    const reader = sectionReader(declared.bytes, span);
    const last = declared.imported.global + reader.u32();
    for (let index = declared.imported.global; index < last; index++) {
      readGlobalType(reader);
      const isKept = indices.has(index);
      readConstExpression(reader, isKept ? out : undefined);
      if (isKept) set(out, index);
    }
  }
  if (!indices.has(limitGlobal)) return;
  out.u8(Op.i32Const);
  out.signed(initialLimit(plan));
  set(out, limitGlobal);
}

function parameter(out: ByteWriter, index: number): void {
  out.u8(Op.localGet);
  out.u32(index);
}

function set(out: ByteWriter, global: number): void {
  out.u8(Op.globalSet);
  out.u32(global);
}

function setFromParameter(out: ByteWriter, global: number, index: number): void {
  parameter(out, index);
  set(out, global);
}

function reach(out: ByteWriter, access: number, offset: number): void {
  out.u8(access);
  out.u8(0);
  out.u32(offset);
}
