/** The guests this page can run: the built-in ones, and modules that were added. */
import type { GuestEngine } from '../guest/engine.ts';
import type { LoadedGuest } from '../guest/loaded-guest.ts';
import type { GuestId } from '../sim/scenario.ts';
import type { GuestAnswer } from '../ui/simulation-port.ts';
import { guestLimits } from './guest-limits.ts';

/** Bytes of the module with this SHA-256 that the user added before, or null. */
export type RecallModule = (sha256: GuestId) => Promise<{ name: string; bytes: Uint8Array } | null>;

export class GuestLibrary {
  readonly guests = new Map<GuestId, LoadedGuest>();
  readonly #recall: RecallModule;
  readonly #engine: Pick<GuestEngine, 'admit'>;

  constructor(recall: RecallModule, engine: Pick<GuestEngine, 'admit'>) {
    this.#recall = recall;
    this.#engine = engine;
  }

  /** A module that ships with the page. */
  addBuiltIn(id: 'c' | 'rust', guest: LoadedGuest): void {
    this.guests.set(id, guest);
    this.guests.set(guest.sha256, guest);
  }

  async add(name: string, bytes: Uint8Array): Promise<GuestAnswer> {
    // The built-in guests need no checking, so a page without other modules never loads the checker.
    const checker = await import('../guest/loaded-guest.ts').catch(() => null);
    if (!checker) {
      const reason = `${name} could not be checked: a part of this page did not load. Reload the page and add the module again.`;
      return { ok: false, reason };
    }
    const loaded = await checker.loadGuest(name, bytes, guestLimits);
    if (!loaded.ok) return { ok: false, reason: `${name}: ${loaded.reason}` };
    const problem = await this.#engine.admit(loaded.guest);
    const note = checker.noteOn(loaded.guest);
    if (problem !== null) return { ok: false, reason: [note, problem].join(' ') };
    const { sha256 } = loaded.guest;
    const isNew = !this.guests.has(sha256);
    if (isNew) this.guests.set(sha256, loaded.guest);
    return { ok: true, id: sha256, name, isNew, note };
  }

  /** All guests, metered, for instances that have a memory of their own. */
  async withOwnMemory(): Promise<Map<GuestId, LoadedGuest>> {
    const { withOwnMemory } = await import('../guest/loaded-guest.ts');
    const metered = [...this.guests].filter(([, guest]) => guest.metered);
    return new Map(await Promise.all(metered.map(async ([id, guest]) => [id, await withOwnMemory(guest)] as const)));
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
