import type { ByteReader } from './byte-reader.ts';
import { readConstExpression } from './const-expression.ts';
import { readValueType } from './read-types.ts';

/**
 * Passes over the element section: it stays as it is, but types and instructions of later proposals are refused.
 * https://webassembly.github.io/spec/core/binary/modules.html#element-section
 */
export function checkElements(content: ByteReader): void {
  for (let left = content.u32(); left > 0; left--) {
    const start = content.offset;
    const flags = content.u32();
    if (flags > 7) content.fail(`${flags} are not the flags of an element segment`, start);
    const active = (flags & 1) === 0;
    if (active && flags & 2) content.u32();
    if (active) readConstExpression(content);
    if (flags & 3) {
      if (flags & 4) readValueType(content);
      else content.u8();
    }
    for (let items = content.u32(); items > 0; items--) {
      if (flags & 4) readConstExpression(content);
      else content.u32();
    }
  }
}
