/** Guests that a key of the test vouches for, and how a board is told of the key. */
import { keyId } from '../../web/devices/signing/ed25519.ts';
import { publicKeyLine } from '../../web/devices/signing/public-key-text.ts';
import { signOffer } from '../../web/devices/signing/sign-offer.ts';
import type { GuestOffer } from '../../web/protocol/control-payloads.ts';

export interface TestKey {
  line: string;
  sign(name: string, bytes: Uint8Array): Promise<GuestOffer>;
}

export async function makeKey(): Promise<TestKey> {
  const { privateKey, publicKey } = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const bytes = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  const id = await keyId(bytes);
  return {
    line: publicKeyLine({ name: 'test', publicKey: bytes }),
    sign: (name, module) => signOffer(module, name, { id, privateKey }),
  };
}
