/**
 * A new module on its way to a node, under `guest`. The payload is the module, byte for byte; who vouches for it
 * rides in MQTT 5 user properties, because a module cannot hold its own signature:
 *
 * - `name`: for people, 1 to 64 characters without control characters
 * - `sha256`: of the payload, 64 hexadecimal digits
 * - `key`: which key signed, the first 16 hexadecimal digits of the SHA-256 of the 32 bytes of the public key
 * - `signature`: Ed25519 (RFC 8032), 64 bytes in base64, of the UTF-8 text that `signedText` gives
 *
 * A node checks, in this order: that it trusts the key, that the signature holds for name and digest, that the
 * payload has the digest.
 */
import * as v from 'valibot';
import { bytesFromBase64, bytesToBase64 } from './base64.ts';
import { hexDigits, sha256Hex } from './hex.ts';
import { type Parsed, refused } from './parsed.ts';

export const SIGNATURE_BYTES = 64;
export const MAX_GUEST_NAME_CHARACTERS = 64;

export interface GuestOffer {
  name: string;
  /** Of the module, lower-case hexadecimal. */
  sha256: string;
  /** 64 bytes. */
  signature: Uint8Array;
  /** Id of the public key, 16 lower-case hexadecimal digits. */
  key: string;
}

/**
 * What is signed: three lines without a newline at the end, as UTF-8. The first keeps a signature for one purpose
 * from passing for another.
 */
export function signedText({ name, sha256 }: Pick<GuestOffer, 'name' | 'sha256'>): string {
  return `continuum-guest\n${name}\n${sha256}`;
}

/** Why a module cannot be called so, as a sentence; null when it can. */
export function checkGuestName(name: string): string | null {
  // In the signed text a newline would let one name and digest pass for another.
  // eslint-disable-next-line no-control-regex
  const good = name.length > 0 && name.length <= MAX_GUEST_NAME_CHARACTERS && !/[\u0000-\u001f\u007f-\u009f]/.test(name);
  if (good && name.isWellFormed()) return null;
  return `The name of a module has 1 to ${MAX_GUEST_NAME_CHARACTERS} characters and no control characters.`;
}

const nameMessage = `must have 1 to ${MAX_GUEST_NAME_CHARACTERS} characters and no control characters`;
const signatureMessage = `must be a signature of ${SIGNATURE_BYTES} bytes in base64`;
const offer = v.object({
  name: v.pipe(v.string(nameMessage), v.check((name) => checkGuestName(name) === null, nameMessage)),
  sha256: sha256Hex(),
  signature: v.pipe(
    v.string(signatureMessage),
    v.transform(bytesFromBase64),
    v.check((bytes) => bytes?.length === SIGNATURE_BYTES, signatureMessage),
    v.transform((bytes) => bytes!),
  ),
  key: hexDigits(16, 'must be the 16 hexadecimal digits of a key id'),
});

/** From a message's user properties; null or none of them when it came over MQTT 3.1.1. */
export function parseGuestOffer(properties: Readonly<Record<string, string>> | null | undefined): Parsed<GuestOffer> {
  if (properties == null || Object.keys(properties).length === 0) {
    return refused(
      'The module came without user properties, so nothing says who signed it. MQTT 3.1.1 has none: send it over MQTT 5.',
    );
  }
  const result = v.safeParse(offer, properties, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return { ok: true, value: result.output };
  const [issue] = result.issues;
  const property = String(issue.path?.[0]?.key);
  return refused(
    issue.type === 'object'
      ? `The user property "${property}" is missing: a module needs name, sha256, key and signature.`
      : `The user property "${property}" ${issue.message}.`,
  );
}

/** User properties for the message that carries the module. Throws `RangeError` for a name that `checkGuestName` refuses. */
export function encodeGuestOffer(value: GuestOffer): Record<string, string> {
  const broken = checkGuestName(value.name);
  if (broken !== null) throw new RangeError(broken);
  return { name: value.name, sha256: value.sha256, signature: bytesToBase64(value.signature), key: value.key };
}
