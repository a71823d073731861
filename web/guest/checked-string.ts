/** Strings that a guest points to, read without trusting the pointer. */
import { GuestFaultError } from './types.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The NUL-terminated UTF-8 string at a guest pointer.
 * @param memory all of the guest's memory
 * @param argument what the pointer is, for the sentence
 * Throws `GuestFaultError` when it leaves the guest's memory, is longer than `maxBytes` or is not UTF-8.
 */
export function readCheckedString(memory: Uint8Array, pointer: number, maxBytes: number, argument: string): string {
  const size = memory.length;
  const start = pointer >>> 0;
  const place = `0x${start.toString(16)}`;
  if (start >= size) throw pointerFault(`${argument} points to ${place}, outside the guest's memory of ${size} bytes.`);
  const end = Math.min(size, start + maxBytes + 1);
  const length = memory.subarray(start, end).indexOf(0);
  if (length < 0) {
    throw pointerFault(
      end === size
        ? `${argument} at ${place} runs past the end of the guest's memory: it has no closing NUL.`
        : `${argument} at ${place} is longer than ${maxBytes} bytes or has no closing NUL.`,
    );
  }
  try {
    // A view on shared memory cannot be decoded: slice copies it.
    return utf8.decode(memory.slice(start, start + length));
  } catch {
    throw pointerFault(`${argument} at ${place} is not valid UTF-8.`);
  }
}

function pointerFault(reason: string): GuestFaultError {
  return new GuestFaultError({ kind: 'pointer', reason });
}
