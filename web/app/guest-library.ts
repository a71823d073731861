/** The guests this page can run: the built-in ones, and modules that were added. */
import { loadGuest, type GuestLimits, type LoadedGuest } from '../guest/loaded-guest.ts';
import type { GuestId } from '../sim/scenario.ts';
import type { GuestAnswer } from '../ui/simulation-port.ts';

/** A module larger than this is no guest for a node. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Bytes of the module with this SHA-256 that the user added before, or null. */
export type RecallModule = (sha256: GuestId) => Promise<{ name: string; bytes: Uint8Array } | null>;

export class GuestLibrary {
  readonly guests = new Map<GuestId, LoadedGuest>();
  readonly #limits: GuestLimits;
  readonly #recall: RecallModule;

  constructor(maxPages: number, recall: RecallModule) {
    this.#limits = { maxPages, maxBytes: MAX_BYTES };
    this.#recall = recall;
  }

  /** The modules that ship with the page; throws when one is refused. */
  async addBuiltIn(id: 'c' | 'rust', name: string, bytes: Uint8Array): Promise<void> {
    const loaded = await loadGuest(name, bytes, this.#limits);
    if (!loaded.ok) throw new Error(`The built-in guest ${name} was refused: ${loaded.reason}`);
    this.guests.set(id, loaded.guest);
    this.guests.set(loaded.guest.sha256, loaded.guest);
  }

  async add(name: string, bytes: Uint8Array): Promise<GuestAnswer> {
    const loaded = await loadGuest(name, bytes, this.#limits);
    if (!loaded.ok) return { ok: false, reason: `${name}: ${loaded.reason}` };
    const { sha256 } = loaded.guest;
    if (!this.guests.has(sha256)) this.guests.set(sha256, loaded.guest);
    return { ok: true, id: sha256, name };
  }

  /** Whether the guest is here, or could be brought back from what the user added before. */
  async find(id: GuestId): Promise<LoadedGuest | null> {
    const here = this.guests.get(id);
    if (here) return here;
    const recalled = await this.#recall(id);
    if (!recalled) return null;
    await this.add(recalled.name, recalled.bytes);
    return this.guests.get(id) ?? null;
  }
}
