/** Digests and key ids as they stand on the wire: hexadecimal, read in either case, kept in lower case. */
import * as v from 'valibot';

/** Exactly `length` hexadecimal digits. */
export function hexDigits(length: number, message: string) {
  return v.pipe(
    v.string(message),
    v.regex(new RegExp(`^[0-9a-f]{${length}}$`, 'i'), message),
    v.transform((hex) => hex.toLowerCase()),
  );
}

export function sha256Hex() {
  return hexDigits(64, 'must be a SHA-256 in hexadecimal');
}
