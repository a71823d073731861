/** Types in the binary format. https://webassembly.github.io/spec/core/binary/types.html */
import type { ByteReader } from './byte-reader.ts';
import { UnsupportedFeatureError } from './invalid-module.ts';
import type {
  FunctionSignature,
  GlobalType,
  Limits,
  MemoryType,
  TableType,
  ValueType,
} from './module-types.ts';

export const valueTypeBytes = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
  exnref: 0x69,
} as const satisfies Record<ValueType, number>;

const valueTypes = new Map<number, ValueType>(
  (Object.entries(valueTypeBytes) as [ValueType, number][]).map(([name, byte]) => [byte, name]),
);

export const functionTypeForm = 0x60;
/** Prefix of a table that has an initial value. */
export const TABLE_WITH_INIT = 0x40;

export function readValueType(reader: ByteReader): ValueType {
  const offset = reader.offset;
  const byte = reader.u8();
  const type = valueTypes.get(byte);
  if (type !== undefined) return type;
  if (byte === 0x63 || byte === 0x64) throw new UnsupportedFeatureError('typed function references', offset);
  if (byte >= 0x65 && byte <= 0x74)
    throw new UnsupportedFeatureError('garbage-collected references (GC)', offset);
  return reader.fail(`0x${byte.toString(16)} is not a value type`, offset);
}

export function readSignature(reader: ByteReader): FunctionSignature {
  const offset = reader.offset;
  const form = reader.u8();
  if (form >= 0x4e && form < functionTypeForm) {
    throw new UnsupportedFeatureError('the types of garbage collection (GC)', offset);
  }
  if (form !== functionTypeForm) reader.fail(`0x${form.toString(16)} is not a function type`, offset);
  return { params: readValueTypes(reader), results: readValueTypes(reader) };
}

function readValueTypes(reader: ByteReader): ValueType[] {
  const types: ValueType[] = [];
  for (let left = reader.u32(); left > 0; left--) types.push(readValueType(reader));
  return types;
}

export function readTableType(reader: ByteReader): TableType {
  if (reader.bytes[reader.offset] === TABLE_WITH_INIT) {
    throw new UnsupportedFeatureError('typed function references', reader.offset);
  }
  const element = readValueType(reader);
  const offset = reader.offset;
  const flags = reader.u8();
  if (flags & 4) throw new UnsupportedFeatureError('memory64', offset);
  if (flags > 1) reader.fail(`${flags} are not the flags of a table`, offset);
  return { element, ...readLimits(reader, flags, false) };
}

export function readMemoryType(reader: ByteReader): MemoryType {
  const offset = reader.offset;
  const flags = reader.u8();
  if (flags & 8) throw new UnsupportedFeatureError('custom page sizes', offset);
  if (flags > 7) reader.fail(`${flags} are not the flags of a memory`, offset);
  const wide = (flags & 4) !== 0;
  return { ...readLimits(reader, flags, wide), shared: (flags & 2) !== 0, wide };
}

export function readLimits(reader: ByteReader, flags: number, wide: boolean): Limits {
  const number = () => (wide ? reader.u64() : reader.u32());
  const min = number();
  return { min, max: flags & 1 ? number() : null };
}

export function readGlobalType(reader: ByteReader): GlobalType {
  const type = readValueType(reader);
  const offset = reader.offset;
  const mutability = reader.u8();
  if (mutability > 1) reader.fail(`${mutability} is not the mutability of a global`, offset);
  return { type, mutable: mutability === 1 };
}
