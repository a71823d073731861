/** Wi-Fi networks that a board knows the password of. */
import type { Nvs } from './nvs.ts';
import type { StoredNetwork } from './radio.ts';

const STORED_AS = 'networks';
const MOST = 16;
/** As IEEE 802.11 and WPA2 allow. */
const SSID_BYTES = 32;
const PASSWORD_BYTES = 64;

export class StoredNetworks {
  readonly #nvs: Nvs;
  #all: StoredNetwork[];

  constructor(nvs: Nvs) {
    this.#nvs = nvs;
    const stored = nvs.get(STORED_AS);
    this.#all = stored ? (JSON.parse(new TextDecoder().decode(stored)) as StoredNetwork[]) : [];
  }

  get all(): readonly StoredNetwork[] {
    return this.#all;
  }

  /** The reason why it cannot be kept, a sentence, or null. The oldest goes when there are too many. */
  add(network: StoredNetwork): string | null {
    const [ssid, password] = [network.ssid, network.password].map((text) => new TextEncoder().encode(text).length);
    if (ssid === 0 || ssid! > SSID_BYTES) return `The name of a network has 1 to ${SSID_BYTES} bytes.`;
    if (password! > PASSWORD_BYTES) return `A password of a network has at most ${PASSWORD_BYTES} bytes.`;
    const others = this.#all.filter((each) => each.ssid !== network.ssid);
    return this.#keep([...others, network].slice(-MOST)) ? null : 'There is no room for another network in NVS.';
  }

  forget(ssid: string): void {
    this.#keep(this.#all.filter((network) => network.ssid !== ssid));
  }

  #keep(all: StoredNetwork[]): boolean {
    if (!this.#nvs.set(STORED_AS, new TextEncoder().encode(JSON.stringify(all)))) return false;
    this.#all = all;
    return true;
  }
}
