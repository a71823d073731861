/** Ed25519 by the browser (WebCrypto; Chrome and Edge 137, Firefox 129, Safari 17, Node 20). */

export const ALGORITHM = 'Ed25519';
export const PUBLIC_KEY_BYTES = 32;

/** Bytes in memory of their own: WebCrypto takes none that another thread can write. */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Lower-case hexadecimal. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', ownBytes(bytes))));
}

/** How offers name a key: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes. */
export async function keyId(publicKey: Uint8Array): Promise<string> {
  return (await sha256Of(publicKey)).slice(0, 16);
}

/** Why this browser cannot sign or verify, as a sentence; null when it can. */
export async function signingObstacle(): Promise<string | null> {
  if (globalThis.crypto?.subtle === undefined) {
    return 'This page was not loaded over a secure connection, so the browser gives it no cryptography: open it over https or from localhost.';
  }
  try {
    await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
    return null;
  } catch {
    return 'This browser cannot make Ed25519 signatures: use Chrome or Edge 137, Firefox 129 or Safari 17, or newer.';
  }
}
