/** The keys of this browser: those that sign, and those of others that this page's nodes trust. */
import type { GuestOffer } from '../../protocol/guest-offer.ts';
import type { Parsed } from '../../protocol/parsed.ts';
import type { TrustedKey } from './verify-offer.ts';

export interface KeyEntry extends TrustedKey {
  name: string;
  /** Whether its private half is here, so that it can sign. */
  mine: boolean;
  /** Since 1970. */
  addedAtMs: number;
}

/** No method rejects for what the browser or the user does; answers say what is wrong and what to do. */
export interface KeyStore {
  /** Why nothing can be signed or kept here, as a sentence, or null. */
  obstacle(): Promise<string | null>;
  /** In the order they were added. */
  list(): Promise<KeyEntry[]>;
  /** A new pair. The private half cannot be read by anyone, this page included; it only signs. */
  make(name: string): Promise<Parsed<KeyEntry>>;
  /** Another's public key, as `parsePublicKey` reads it; `name` may be empty where the text has one. */
  trust(name: string, publicKey: string): Promise<Parsed<KeyEntry>>;
  remove(id: string): Promise<void>;
  sign(id: string, name: string, bytes: Uint8Array): Promise<Parsed<GuestOffer>>;
}
