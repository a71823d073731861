/** Modules that the user brings: read, checked, kept in this browser, then run where wanted. */
import type { GuestId } from '../../sim/scenario.ts';
import type { Session } from './session.svelte.ts';

interface Added {
  id: GuestId;
  name: string;
}

interface Offered extends Added {
  /** What the user has to know of it before it runs, in sentences. */
  note?: string;
}

/** Keeps a module for the next visit; rejects when the browser cannot. */
export type KeepModule = (id: GuestId, name: string, bytes: Uint8Array) => Promise<void>;

export class GuestShelf {
  readonly #session: Session;
  readonly #keep: KeepModule;
  #added = $state.raw<Added[]>([]);
  #offered = $state.raw<Offered | null>(null);

  constructor(session: Session, keep: KeepModule) {
    this.#session = session;
    this.#keep = keep;
  }

  get added(): Added[] {
    return this.#added;
  }

  /** Checked, and waiting for the user to say where it runs. */
  get offered(): Offered | null {
    return this.#offered;
  }

  async offer(file: File): Promise<void> {
    const guest = await this.take(file);
    const { scenario } = this.#session;
    // The address already says where it runs; it was only missing.
    const awaited = guest?.isNew && [scenario.guest, ...Object.values(scenario.guests)].includes(guest.id);
    if (awaited) await this.#session.load(scenario);
    else this.#offered = guest;
  }

  withdraw(): void {
    this.#offered = null;
  }

  /** @param index one node, or null for all */
  async accept(index: number | null): Promise<void> {
    const guest = this.#offered;
    this.#offered = null;
    if (guest) await this.#session.setGuest(index, guest.id);
  }

  /** Resolves with what the user has to know of the module, if there is something. */
  async replace(index: number, file: File): Promise<string | undefined> {
    const guest = await this.take(file);
    if (guest) await this.#session.setGuest(index, guest.id);
    return guest?.note;
  }

  /** Reads, checks and keeps a module; null when it cannot be used, which is reported. */
  async take(file: File): Promise<(Offered & { isNew: boolean }) | null> {
    const bytes = await this.#read(file);
    if (!bytes) return null;
    const answer = await this.#session.addGuest(file.name, bytes);
    if (!answer.ok) return null;
    const { id, name, isNew, note } = answer;
    if (!this.#added.some((each) => each.id === id)) this.#added = [...this.#added, { id, name }];
    try {
      await this.#keep(id, name, bytes);
    } catch {
      this.#session.report(`${name} runs, but this browser could not keep it: its storage is full or switched off. Keep the file for the next visit.`);
    }
    return { id, name, isNew, note };
  }

  async #read(file: File): Promise<Uint8Array | null> {
    try {
      return new Uint8Array(await file.arrayBuffer());
    } catch {
      this.#session.report(`${file.name} could not be read: it may have been moved or be a folder. Choose it again.`);
      return null;
    }
  }
}
