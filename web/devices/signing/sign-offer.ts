import { type GuestOffer, signedText } from '../../protocol/guest-offer.ts';
import { ALGORITHM, sha256Of } from './ed25519.ts';

export interface Signer {
  /** As `keyId` gives it. */
  id: string;
  privateKey: CryptoKey;
}

/** Vouches for a module. `name` is one that `checkGuestName` lets pass. */
export async function signOffer(bytes: Uint8Array, name: string, { id, privateKey }: Signer): Promise<GuestOffer> {
  const sha256 = await sha256Of(bytes);
  const text = new TextEncoder().encode(signedText({ name, sha256 }));
  const signature = new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, text));
  return { name, sha256, signature, key: id };
}
