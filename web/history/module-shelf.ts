/** Guest modules that the user added, kept in this browser so that a reload or a link finds them again. */
import { Dexie, type EntityTable } from 'dexie';

interface ShelvedModule {
  sha256: string;
  name: string;
  bytes: Uint8Array;
  addedAtMs: number;
}

const database = new Dexie('continuum-modules') as Dexie & { modules: EntityTable<ShelvedModule, 'sha256'> };
database.version(1).stores({ modules: 'sha256, addedAtMs' });

/** Rejects when the browser's storage is full or switched off. */
export async function shelveModule(sha256: string, name: string, bytes: Uint8Array): Promise<void> {
  await database.modules.put({ sha256, name, bytes, addedAtMs: Date.now() });
}

/** Null when it was never added here, or the browser keeps nothing. */
export async function recallModule(sha256: string): Promise<{ name: string; bytes: Uint8Array } | null> {
  try {
    return (await database.modules.get(sha256)) ?? null;
  } catch {
    return null;
  }
}
