/** Public keys as text: 44 characters of base64, or a line `ed25519 BASE64 NAME` as boards get it at provisioning. */
import { bytesFromBase64, bytesToBase64 } from '../../protocol/base64.ts';
import { type Parsed, refused } from '../../protocol/parsed.ts';
import { PUBLIC_KEY_BYTES } from './ed25519.ts';

const MAX_NAME_CHARACTERS = 64;

/** What a name of a key is after white space around it and runs of it inside are gone; null when nothing is left, or too much. */
export function keyName(text: string): string | null {
  // eslint-disable-next-line no-control-regex
  const name = text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return name !== '' && name.length <= MAX_NAME_CHARACTERS ? name : null;
}

export function publicKeyLine({ name, publicKey }: { name: string; publicKey: Uint8Array }): string {
  return `ed25519 ${bytesToBase64(publicKey)} ${name}`;
}

/** Either form; `name` is null where the text has none. */
export function parsePublicKey(text: string): Parsed<{ publicKey: Uint8Array; name: string | null }> {
  const [, base64, name] = /^\s*(?:ed25519\s+)?([A-Za-z0-9+/]+=*)(?:\s+(.*))?$/s.exec(text) ?? [];
  const publicKey = base64 === undefined ? null : bytesFromBase64(base64);
  if (publicKey?.length !== PUBLIC_KEY_BYTES) {
    return refused(
      `This is no public key: it should be ${PUBLIC_KEY_BYTES} bytes in base64 (44 characters), with or without "ed25519" before and a name behind.`,
    );
  }
  return { ok: true, value: { publicKey, name: name === undefined ? null : keyName(name) } };
}
