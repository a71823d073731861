/** What the connection keeps in this browser: profiles, client ids, and messages not yet acknowledged. */
import { Dexie, type EntityTable, type Table } from 'dexie';
import type { BrokerProfile } from './profile.ts';
import type { StoredMessage } from './outbox-store.ts';

export interface ProfileRow {
  id: string;
  profile: BrokerProfile;
  /** Null unless the user asked to have it kept; in the clear. */
  password: string | null;
  usedAtMs: number | null;
}

export interface ClientIdRow {
  profileId: string;
  slot: number;
  clientId: string;
}

/** A block under the sequence of its first message; what is gone from blocks; or a message of its own, as older versions kept them. */
export type OutboxRow = { owner: string; sequence: number } & ({ messages: StoredMessage[] } | { gone: number[] } | StoredMessage);

export type LinkDatabase = Dexie & {
  profiles: EntityTable<ProfileRow, 'id'>;
  clientIds: Table<ClientIdRow, [string, number]>;
  outbox: Table<OutboxRow, [string, number]>;
};

export function openLinkDatabase(): LinkDatabase {
  const database = new Dexie('continuum-broker') as LinkDatabase;
  database.version(1).stores({
    profiles: 'id',
    clientIds: '[profileId+slot]',
    outbox: '[owner+sequence]',
  });
  return database;
}
