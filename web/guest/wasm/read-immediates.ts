/** What stands behind an instruction and may name a feature that is not taken. */
import type { ByteReader } from './byte-reader.ts';
import { UnsupportedFeatureError } from './invalid-module.ts';

/** @param start where the instruction stands */
export function readMemoryIndex(body: ByteReader, start: number): void {
  if (body.u8() !== 0) throw new UnsupportedFeatureError('multiple memories', start);
}

export function readBlockType(body: ByteReader): void {
  const start = body.offset;
  const byte = body.u8();
  if (byte === 0x63 || byte === 0x64) throw new UnsupportedFeatureError('typed function references', start);
  if (byte >= 0x80) body.skipLeb(4);
}
