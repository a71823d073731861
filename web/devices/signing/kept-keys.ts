/** `KeyStore` in IndexedDB, which takes a private key as an object without giving out what it consists of. */
import { Dexie, type EntityTable } from 'dexie';
import { checkGuestName, type GuestOffer } from '../../protocol/guest-offer.ts';
import { type Parsed, refused } from '../../protocol/parsed.ts';
import { ALGORITHM, keyId, signingObstacle } from './ed25519.ts';
import type { KeyEntry, KeyStore } from './key-store.ts';
import { keyName, parsePublicKey } from './public-key-text.ts';
import { signOffer } from './sign-offer.ts';
import type { TrustedKey } from './verify-offer.ts';

interface KeptKey {
  id: string;
  name: string;
  publicKey: Uint8Array;
  /** Null for another's key. */
  privateKey: CryptoKey | null;
  addedAtMs: number;
}

const NOT_KEPT = 'This browser could not keep the key: its storage is full or switched off. Free some, or leave private browsing.';
const NO_NAME = 'A key needs a name of 1 to 64 characters, by which people know whose it is.';

export class KeptKeys implements KeyStore {
  readonly #database = new Dexie('continuum-keys') as Dexie & { keys: EntityTable<KeptKey, 'id'> };

  constructor() {
    this.#database.version(1).stores({ keys: 'id, addedAtMs' });
  }

  async obstacle(): Promise<string | null> {
    const unable = await signingObstacle();
    if (unable !== null) return unable;
    try {
      await this.#database.open();
      return null;
    } catch {
      return 'This browser keeps nothing for this page, so no key can be made: switch its storage on, or leave private browsing.';
    }
  }

  async list(): Promise<KeyEntry[]> {
    try {
      return (await this.#database.keys.orderBy('addedAtMs').toArray()).map(entryOf);
    } catch {
      return [];
    }
  }

  /** What this page's nodes trust: what was made here and what was imported. */
  async trusted(): Promise<TrustedKey[]> {
    return (await this.list()).map(({ id, publicKey }) => ({ id, publicKey }));
  }

  async make(name: string): Promise<Parsed<KeyEntry>> {
    const short = keyName(name);
    if (short === null) return refused(NO_NAME);
    const unable = await signingObstacle();
    if (unable !== null) return refused(unable);
    const { privateKey, publicKey } = (await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])) as CryptoKeyPair;
    return this.#keep(short, new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)), privateKey);
  }

  async trust(name: string, text: string): Promise<Parsed<KeyEntry>> {
    const unable = await signingObstacle();
    if (unable !== null) return refused(unable);
    const parsed = parsePublicKey(text);
    if (!parsed.ok) return parsed;
    const { publicKey } = parsed.value;
    const short = keyName(name) ?? (name.trim() === '' ? parsed.value.name : null);
    if (short === null) return refused(NO_NAME);
    return this.#keep(short, publicKey, null);
  }

  async remove(id: string): Promise<void> {
    // What could not be removed is still in the list.
    await this.#database.keys.delete(id).catch(() => undefined);
  }

  async sign(id: string, name: string, bytes: Uint8Array): Promise<Parsed<GuestOffer>> {
    const broken = checkGuestName(name);
    if (broken !== null) return refused(broken);
    const key = await this.#database.keys.get(id).catch(() => undefined);
    if (!key?.privateKey) return refused('The key that should sign is not in this browser any more: choose or make another.');
    return { ok: true, value: await signOffer(bytes, name, { id, privateKey: key.privateKey }) };
  }

  async #keep(name: string, publicKey: Uint8Array, privateKey: CryptoKey | null): Promise<Parsed<KeyEntry>> {
    const key = { id: await keyId(publicKey), name, publicKey, privateKey, addedAtMs: Date.now() };
    try {
      // Adding fails for an id that is there, and a private key must never be overwritten by the public one alone.
      await this.#database.keys.add(key);
      return { ok: true, value: entryOf(key) };
    } catch {
      const there = await this.#database.keys.get(key.id).catch(() => undefined);
      return refused(there ? `This key is here already, as "${there.name}".` : NOT_KEPT);
    }
  }
}

function entryOf({ id, name, publicKey, privateKey, addedAtMs }: KeptKey): KeyEntry {
  return { id, name, publicKey, mine: privateKey !== null, addedAtMs };
}
