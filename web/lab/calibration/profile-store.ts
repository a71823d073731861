/** Measured profiles that this browser keeps. */
import { Dexie, type EntityTable } from 'dexie';
import type { MeasuredProfile } from './measured-profile.ts';

export interface ProfileStore {
  /** The newest first. */
  list(): Promise<MeasuredProfile[]>;
  /** In place of one with the same id. */
  keep(profile: MeasuredProfile): Promise<void>;
  remove(id: string): Promise<void>;
}

type Database = Dexie & { profiles: EntityTable<MeasuredProfile, 'id'> };

export class KeptProfiles implements ProfileStore {
  readonly #database: Database;

  constructor(name = 'continuum-calibration') {
    this.#database = new Dexie(name) as Database;
    this.#database.version(1).stores({ profiles: 'id, measuredAt' });
  }

  list(): Promise<MeasuredProfile[]> {
    return this.#database.profiles.orderBy('measuredAt').reverse().toArray();
  }

  async keep(profile: MeasuredProfile): Promise<void> {
    await this.#database.profiles.put(profile);
  }

  async remove(id: string): Promise<void> {
    await this.#database.profiles.delete(id);
  }
}
