/** A connection profile being typed. */
import { checkProfile } from '../../mqtt/link/check-profile.ts';
import type { BrokerProfile } from '../../mqtt/link/profile.ts';
import { checkRoot, DEFAULT_ROOT } from '../../protocol/topics.ts';
import type { PagePlace } from '../broker-port.ts';
import { addressHint } from './address-hint.ts';
import { hostOf } from './host-of.ts';

export type DraftField = 'name' | 'url' | 'username' | 'password' | 'root' | 'clientId';
export type DraftTexts = Record<DraftField, string>;

const empty: DraftTexts = { name: '', url: '', username: '', password: '', root: DEFAULT_ROOT, clientId: '' };

export class ProfileDraft {
  #id = $state(newId());
  #texts = $state<DraftTexts>({ ...empty });
  #remember = $state(false);

  get id(): string {
    return this.#id;
  }

  get texts(): Readonly<DraftTexts> {
    return this.#texts;
  }

  /** Whether the password is to be kept with the profile. */
  get remember(): boolean {
    return this.#remember;
  }

  set remember(remember: boolean) {
    this.#remember = remember;
  }

  type(field: DraftField, text: string): void {
    this.#texts[field] = text;
  }

  fill(profile: BrokerProfile, password: string, remember: boolean): void {
    const { id, name, url, username, root, clientId } = profile;
    this.#id = id;
    this.#texts = { name, url, username, password, root, clientId };
    this.#remember = remember;
  }

  /** Begins another profile. */
  clear(): void {
    this.#id = newId();
    this.#texts = { ...empty };
    this.#remember = false;
  }

  /** Whether nothing has been typed that `fill` would take away. */
  get untouched(): boolean {
    return Object.entries(empty).every(([field, text]) => this.#texts[field as DraftField] === text);
  }

  get profile(): BrokerProfile {
    const { name, url, username, root, clientId } = this.#texts;
    return {
      id: this.#id,
      name: name.trim() || hostOf(url.trim()),
      url: url.trim(),
      username,
      root: root.trim() || DEFAULT_ROOT,
      clientId: clientId.trim(),
    };
  }

  get password(): string {
    return this.#texts.password;
  }

  /** What a test of this profile tested: it changes with everything but the name. */
  get key(): string {
    const { url, username, root, clientId } = this.profile;
    return JSON.stringify([url, username, this.password, root, clientId]);
  }

  /** What is wrong, by field; a profile with none may be tested, saved and joined. */
  problems(page: PagePlace): Partial<Record<DraftField, string>> {
    const problems: Partial<Record<DraftField, string>> = {};
    const { verdict, sentence } = addressHint(this.#texts.url, page);
    if (verdict === 'empty') problems.url = 'The address is missing.';
    if (verdict === 'unfit') problems.url = sentence;
    if (this.password !== '' && this.#texts.username === '') {
      problems.username = 'A password needs a user: MQTT 3.1.1 knows none without.';
    }
    const root = checkRoot(this.profile.root);
    if (root !== null) problems.root = root;
    // Of what the link looks at, only the client id is left.
    const clientId = problems.url || problems.root ? null : checkProfile(this.profile);
    if (clientId !== null) problems.clientId = clientId;
    return problems;
  }
}

/** `crypto.randomUUID` is absent where a page came over plain http, as from a Pi. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
