import { type GuestOffer, signedText } from '../../protocol/guest-offer.ts';
import { ALGORITHM, ownBytes, sha256Of } from './ed25519.ts';

export interface TrustedKey {
  /** As `keyId` gives it. */
  id: string;
  /** 32 bytes. */
  publicKey: Uint8Array;
}

export type Verdict = { ok: true } | { ok: false; reason: string };

/**
 * Whether a trusted key vouches for just these bytes under just this name. Reasons are sentences that fit into a
 * `guest/state`.
 */
export async function verifyOffer(
  bytes: Uint8Array,
  offer: GuestOffer,
  trusted: readonly TrustedKey[],
): Promise<Verdict> {
  const key = trusted.find(({ id }) => id === offer.key);
  if (key === undefined) {
    return no(`The module is signed with key ${offer.key}, which this node does not trust: give it that public key, or sign with a key it knows.`);
  }
  if (!(await holds(offer, key))) {
    return no(`The signature is not one of key ${offer.key} for this name and digest: sign the module again.`);
  }
  const sha256 = await sha256Of(bytes);
  if (sha256 !== offer.sha256) {
    const [here, signed] = [sha256, offer.sha256].map((digest) => `${digest.slice(0, 12)}...`);
    return no(`The bytes that came are not those that were signed (SHA-256 ${here}, not ${signed}): send the module again.`);
  }
  return { ok: true };
}

async function holds(offer: GuestOffer, { publicKey }: TrustedKey): Promise<boolean> {
  const text = new TextEncoder().encode(signedText(offer));
  try {
    const key = await crypto.subtle.importKey('raw', ownBytes(publicKey), ALGORITHM, false, ['verify']);
    return await crypto.subtle.verify(ALGORITHM, key, ownBytes(offer.signature), text);
  } catch (error) {
    // Some browsers throw for a key or signature that is no point of the curve, others answer false.
    if (error instanceof DOMException && error.name !== 'NotSupportedError') return false;
    throw error;
  }
}

function no(reason: string): Verdict {
  return { ok: false, reason };
}
