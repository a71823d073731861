/** Values that cross the border of a module: random ones, and texts that are the same exactly when the values are. */
import type { FunctionSignature, ValueType } from '../../web/guest/wasm/module-types.ts';
import type { Chance } from './chance.ts';

export type WasmValue = number | bigint | string | null;

/** Any value as a text that is the same exactly when the values are. */
export function show(value: unknown): string {
  if (typeof value === 'function') return `function ${value.name}`;
  if (Array.isArray(value)) return `(${value.map(show).join(', ')})`;
  return Object.is(value, -0) ? '-0' : String(value) + (typeof value === 'bigint' ? 'n' : '');
}

const interesting32 = [0, 1, 2, 16, 65_528, 65_532, 65_534, 65_535, 65_536, 131_071, 0x7fff_ffff, -0x8000_0000, -1, -4];
const interestingFloats = [0, -0, 1, -1, 0.5, 1e10, -3e38, 65_536, 2 ** 31, NaN, Infinity, -Infinity];

export function randomValue(type: ValueType, chance: Chance): WasmValue {
  switch (type) {
    case 'i32':
      return chance.pick([chance.pick(interesting32), chance.below(256), chance.below(65_536), chance.bits() | 0]);
    case 'i64':
      return BigInt.asIntN(64, (BigInt(chance.pick(interesting32)) << BigInt(chance.pick([0, 0, 32]))) + BigInt(chance.below(4)));
    case 'f32':
      return Math.fround(chance.pick(interestingFloats));
    case 'f64':
      return chance.pick(interestingFloats);
    case 'externref':
      return chance.pick(['thing', 'other', null]);
    default:
      return null;
  }
}

export function randomArguments({ params }: FunctionSignature, chance: Chance): WasmValue[] {
  return params.map((type) => randomValue(type, chance));
}

/** Results of a call as `CountedCall` writes them: floats by their bits, references without what they refer to. */
export function countedValues(result: unknown, types: readonly ValueType[]): string[] {
  const values: unknown[] = types.length > 1 ? (result as unknown[]) : types.length === 1 ? [result] : [];
  return values.map((value, index) => {
    const type = types[index]!;
    if (type === 'i32' || type === 'i64') return String(value);
    if (type !== 'f32' && type !== 'f64') return 'reference';
    if (Number.isNaN(value)) return 'NaN';
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, value as number);
    return bits.getBigUint64(0).toString(16).padStart(16, '0');
  });
}
