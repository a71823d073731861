/**
 * Float32 values, bit for bit. Numbers of few decimals (ADC counts, percent, milliseconds with microseconds)
 * are stored as whole steps from one to the next; others as steps between their bit patterns, whose four
 * bytes are kept apart, so that the upper ones compress to next to nothing.
 */
import type { ByteSink } from './byte-sink.ts';
import type { ByteSource } from './byte-source.ts';

const scales = [1, 10, 100, 1000];
const BIT_PATTERNS = 255;
/** Steps between two of them still fit into 32 bits with a sign. */
const MOST = 2 ** 30;

export function writeValues(values: Float32Array, sink: ByteSink): void {
  for (const [index, scale] of scales.entries()) {
    if (!fits(values, scale)) continue;
    sink.byte(index);
    let last = 0;
    for (const value of values) {
      const scaled = Math.round(value * scale);
      const step = scaled - last;
      sink.varint(((step << 1) ^ (step >> 31)) >>> 0);
      last = scaled;
    }
    return;
  }
  sink.byte(BIT_PATTERNS);
  sink.append(bitPlanes(values));
}

export function readValues(count: number, source: ByteSource): Float32Array {
  const form = source.byte();
  if (form === BIT_PATTERNS) return fromBitPlanes(count, source.take(count * 4));
  const scale = scales[form];
  if (scale === undefined) throw new RangeError('Stored history has values in a form that this version does not know.');
  const values = new Float32Array(count);
  let last = 0;
  for (let i = 0; i < count; i += 1) {
    const coded = source.varint();
    last += (coded >>> 1) ^ -(coded & 1);
    values[i] = scale === 1 ? last : last / scale;
  }
  return values;
}

function fits(values: Float32Array, scale: number): boolean {
  for (const value of values) {
    const scaled = Math.round(value * scale);
    // `-0` and NaN are no whole numbers here: they would not come back as they were.
    if (!(Math.abs(scaled) < MOST) || Object.is(scaled, -0) || Math.fround(scaled / scale) !== value) return false;
  }
  return true;
}

function bitPlanes(values: Float32Array): Uint8Array {
  const count = values.length;
  const planes = new Uint8Array(count * 4);
  const bits = new Int32Array(values.buffer, values.byteOffset, count);
  let last = 0;
  for (let i = 0; i < count; i += 1) {
    const ordered = inOrder(bits[i]!);
    const step = (ordered - last) | 0;
    const coded = (step << 1) ^ (step >> 31);
    planes[i] = coded;
    planes[i + count] = coded >>> 8;
    planes[i + 2 * count] = coded >>> 16;
    planes[i + 3 * count] = coded >>> 24;
    last = ordered;
  }
  return planes;
}

function fromBitPlanes(count: number, planes: Uint8Array): Float32Array {
  const bits = new Int32Array(count);
  let last = 0;
  for (let i = 0; i < count; i += 1) {
    const coded = planes[i]! | (planes[i + count]! << 8) | (planes[i + 2 * count]! << 16) | (planes[i + 3 * count]! << 24);
    last = (last + ((coded >>> 1) ^ -(coded & 1))) | 0;
    bits[i] = inOrder(last);
  }
  return new Float32Array(bits.buffer);
}

/** IEEE 754 bit patterns so that neighbours in value are neighbours as integers; its own inverse. */
function inOrder(bits: number): number {
  return bits < 0 ? bits ^ 0x7fff_ffff : bits;
}
