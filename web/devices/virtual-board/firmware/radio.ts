/** The Wi-Fi of a virtual board: three networks that are always in reach, and how it joins them. */
import type { KernelEvent, Kernel } from '../../../sim/kernel.ts';

export interface VirtualNetwork {
  ssid: string;
  rssiDbm: number;
  /** Empty for an open one. */
  password: string;
  /** Whether it hands out addresses: at the edge of its reach no answer comes. */
  reaches: boolean;
}

/** Strongest first. The names say that they are none of the world's. */
export const virtualNetworks: readonly VirtualNetwork[] = [
  { ssid: 'Continuum Lab (virtual)', rssiDbm: -48, password: '', reaches: true },
  { ssid: 'Greenhouse (virtual)', rssiDbm: -63, password: 'irrigation', reaches: true },
  { ssid: 'Far field (virtual)', rssiDbm: -89, password: '', reaches: false },
];

export interface StoredNetwork {
  ssid: string;
  password: string;
}

export type RadioState =
  | { kind: 'idle' }
  | { kind: 'connecting'; ssid: string }
  | { kind: 'online'; ssid: string; ip: string; rssiDbm: number }
  | { kind: 'failed'; ssid: string; reason: string };

const SCAN_US = 1_500_000;
const ASSOCIATE_US = 700_000;
const ADDRESS_US = 400_000;
/** What ESP-IDF waits for an address, about. */
const NO_ADDRESS_US = 6_000_000;
const WRONG_PASSWORD_US = 2_000_000;
/** After all that is stored has failed. */
const RETRY_US = 10_000_000;

export class Radio {
  readonly #kernel: Kernel;
  readonly #ip: string;
  readonly #changed: () => void;
  #state: RadioState = { kind: 'idle' };
  #stored: readonly StoredNetwork[] = [];
  #next: KernelEvent | null = null;

  /**
   * @param mac the address that DHCP gives follows from it
   * @param changed called at each change of state
   */
  constructor(kernel: Kernel, mac: string, changed: () => void) {
    this.#kernel = kernel;
    this.#ip = `192.168.4.${2 + (parseInt(mac.slice(-2), 16) % 250)}`;
    this.#changed = changed;
  }

  get state(): RadioState {
    return this.#state;
  }

  scan(found: (networks: readonly VirtualNetwork[]) => void): void {
    this.#kernel.after(SCAN_US, () => found(virtualNetworks));
  }

  /** Joins the strongest of these, and goes on trying; with none of them it is idle. `first` is tried before the others. */
  join(stored: readonly StoredNetwork[], first: string | null = null): void {
    if (this.#next) this.#next.cancelled = true;
    this.#stored = stored;
    if (stored.length === 0) this.#become({ kind: 'idle' });
    else this.#try(this.#inOrder(first));
  }

  #inOrder(first: string | null): StoredNetwork[] {
    const strength = ({ ssid }: StoredNetwork): number => (ssid === first ? Infinity : (known(ssid)?.rssiDbm ?? -Infinity));
    return this.#stored.toSorted((a, b) => strength(b) - strength(a));
  }

  #try([wanted, ...others]: StoredNetwork[]): void {
    const { ssid, password } = wanted!;
    const network = known(ssid);
    this.#become({ kind: 'connecting', ssid });
    const fail = (reason: string): void => {
      this.#become({ kind: 'failed', ssid, reason });
      if (others.length > 0) this.#try(others);
      else this.#later(RETRY_US, () => this.#try(this.#inOrder(null)));
    };
    if (!network) this.#later(SCAN_US, () => fail('not found'));
    else if (network.password !== '' && network.password !== password) this.#later(WRONG_PASSWORD_US, () => fail('wrong password'));
    else if (!network.reaches) this.#later(NO_ADDRESS_US, () => fail('no address'));
    else {
      this.#later(ASSOCIATE_US + ADDRESS_US, () => {
        this.#become({ kind: 'online', ssid, ip: this.#ip, rssiDbm: network.rssiDbm });
      });
    }
  }

  #later(delayUs: number, action: () => void): void {
    this.#next = this.#kernel.after(delayUs, action);
  }

  #become(state: RadioState): void {
    this.#state = state;
    this.#changed();
  }
}

function known(ssid: string): VirtualNetwork | undefined {
  return virtualNetworks.find((network) => network.ssid === ssid);
}
