/** What a board is told at provisioning (firmware/SERIAL.md), gathered piece by piece and taken as a whole. */
import { DEFAULT_ROOT, checkNodeId, checkRoot } from '../../../protocol/topics.ts';
import { type Parsed, refused } from '../../../protocol/parsed.ts';
import { keyId } from '../../signing/ed25519.ts';
import { parsePublicKey } from '../../signing/public-key-text.ts';
import type { TrustedKey } from '../../signing/verify-offer.ts';
import { brokerAddress } from './broker-address.ts';
import type { Nvs } from './nvs.ts';

/** Most bytes of each. */
const limits = { node: 32, root: 64, broker: 128, user: 64, password: 64, ca: 4096, keys: 1200 } as const;
export type SettingKey = keyof typeof limits;
export const settingKeys = Object.keys(limits) as SettingKey[];
const secrets: readonly SettingKey[] = ['password', 'ca'];
const MOST_KEYS = 8;
const STORED_AS = 'settings';

type Values = Record<SettingKey, string>;
const nothingSet: Values = { node: '', root: '', broker: '', user: '', password: '', ca: '', keys: '' };

export class Settings {
  readonly #nvs: Nvs;
  readonly #defaultNode: string;
  #values: Values;
  readonly #staged = new Map<SettingKey, number[]>();
  /** What is staged was refused: the next value begins anew. Until then a repeated `apply` is refused again. */
  #refused = false;

  /** @param mac `aa:bb:cc:dd:ee:ff`; a new board is called after its end */
  constructor(nvs: Nvs, mac: string) {
    this.#nvs = nvs;
    this.#defaultNode = `node-${mac.replaceAll(':', '').slice(-6).toLowerCase()}`;
    this.#values = { ...nothingSet, ...storedValues(nvs) };
  }

  get node(): string {
    return this.#values.node || this.#defaultNode;
  }

  get root(): string {
    return this.#values.root || DEFAULT_ROOT;
  }

  get broker(): string {
    return this.#values.broker;
  }

  get user(): string {
    return this.#values.user;
  }

  get password(): string {
    return this.#values.password;
  }

  get ca(): string {
    return this.#values.ca;
  }

  get hasKeys(): boolean {
    return this.#values.keys.trim() !== '';
  }

  trustedKeys(): Promise<TrustedKey[]> {
    return Promise.all(
      keyLines(this.#values.keys).flatMap((line) => {
        const parsed = parsePublicKey(line);
        if (!parsed.ok) return [];
        const { publicKey } = parsed.value;
        return [keyId(publicKey).then((id) => ({ id, publicKey }))];
      }),
    );
  }

  /** Whether a setting is one that reads back as `set`, and how each reads. */
  shown(): [SettingKey, string][] {
    const shownValue = (key: SettingKey): string => {
      if (secrets.includes(key)) return this.#values[key] === '' ? '' : 'set';
      if (key === 'node') return this.node;
      return key === 'root' ? this.root : this.#values[key];
    };
    return settingKeys.map((key) => [key, shownValue(key)]);
  }

  /** Takes a piece of a value; nothing is in force before `apply`. The reason why not, or null. */
  stage(name: string, offset: number, piece: Uint8Array): string | null {
    const key = settingKeys.find((known) => known === name);
    if (!key) return `There is no setting "${name}".`;
    if (this.#refused && offset === 0) {
      this.#staged.clear();
      this.#refused = false;
    }
    const staged = this.#staged.get(key) ?? [];
    // A piece may come again, when its answer was lost.
    if (offset > staged.length) return `The value of ${key} continues at ${staged.length}, not at ${offset}.`;
    if (offset + piece.length > limits[key]) return `The value of ${key} may have ${limits[key]} bytes.`;
    this.#staged.set(key, [...staged.slice(0, offset), ...piece]);
    return null;
  }

  /** Checks what was staged together with what stays, and stores it. The reason why not, or null. */
  apply(): string | null {
    const wanted = { ...this.#values };
    for (const [key, bytes] of this.#staged) {
      const text = decoded(Uint8Array.from(bytes));
      if (text === null) return `The value of ${key} is not UTF-8.`;
      wanted[key] = text;
    }
    const problem = problemOf(wanted);
    if (problem !== null) {
      this.#refused = true;
      return problem;
    }
    if (!this.#nvs.set(STORED_AS, new TextEncoder().encode(JSON.stringify(wanted)))) return 'There is no room for the settings in NVS.';
    this.#values = wanted;
    this.#staged.clear();
    return null;
  }
}

function storedValues(nvs: Nvs): Partial<Values> {
  const stored = nvs.get(STORED_AS);
  return stored ? (JSON.parse(new TextDecoder().decode(stored)) as Partial<Values>) : {};
}

function problemOf({ node, root, broker, ca, keys }: Values): string | null {
  if (node !== '') {
    const problem = checkNodeId(node);
    if (problem !== null) return problem;
  }
  if (root !== '') {
    const problem = checkRoot(root);
    if (problem !== null) return problem;
  }
  if (broker !== '') {
    const address = brokerAddress(broker);
    if (!address.ok) return address.reason;
  }
  if (ca !== '' && !/-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----/.test(ca)) {
    return 'The authority is no certificate in PEM: it begins with -----BEGIN CERTIFICATE-----.';
  }
  return keysProblem(keyLines(keys));
}

function keysProblem(lines: readonly string[]): string | null {
  if (lines.length > MOST_KEYS) return `A board keeps ${MOST_KEYS} keys; these are ${lines.length}.`;
  for (const line of lines) {
    const parsed: Parsed<unknown> = line.startsWith('ed25519 ') ? parsePublicKey(line) : refused(`"${line.slice(0, 20)}" is no line ed25519 BASE64 NAME.`);
    if (!parsed.ok) return parsed.reason;
  }
  return null;
}

function keyLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '');
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
