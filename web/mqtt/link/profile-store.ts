/** Connection profiles between visits. */
import type { LinkDatabase } from './link-database.ts';
import type { BrokerProfile } from './profile.ts';

export interface KeptProfile {
  profile: BrokerProfile;
  /** Null unless the user asked to have it kept; then it lies in the browser's storage in the clear. */
  password: string | null;
  /** Since 1970; null for never. */
  usedAtMs: number | null;
}

/** Each method rejects when the browser's storage is full or switched off. */
export class ProfileStore {
  readonly #database: LinkDatabase;

  constructor(database: LinkDatabase) {
    this.#database = database;
  }

  /** The last used first. */
  async list(): Promise<KeptProfile[]> {
    const rows = await this.#database.profiles.toArray();
    return rows
      .sort((a, b) => (b.usedAtMs ?? 0) - (a.usedAtMs ?? 0))
      .map(({ profile, password, usedAtMs }) => ({ profile, password, usedAtMs }));
  }

  /** @param password null to keep none */
  async save(profile: BrokerProfile, password: string | null): Promise<void> {
    await this.#database.transaction('rw', this.#database.profiles, async () => {
      const before = await this.#database.profiles.get(profile.id);
      await this.#database.profiles.put({ id: profile.id, profile, password, usedAtMs: before?.usedAtMs ?? null });
    });
  }

  async remove(id: string): Promise<void> {
    await this.#database.profiles.delete(id);
  }

  /** Notes that it has been joined. */
  async used(id: string): Promise<void> {
    await this.#database.profiles.update(id, { usedAtMs: Date.now() });
  }
}
