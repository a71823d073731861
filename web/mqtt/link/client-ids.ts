/**
 * Each tab has a client id of its own, or the broker would end one tab's connection for the other's. The ids of a
 * profile stand in numbered slots; a tab holds a lock on its slot, so that a reopened tab finds the first free one
 * again, and with it its session and its outbox.
 */
import type { LinkDatabase } from './link-database.ts';
import type { BrokerProfile } from './profile.ts';

export interface HeldClientId {
  clientId: string;
  /** Whether a reopened tab will find it again; null, or why not, in a sentence. */
  problem: string | null;
  release(): void;
}

export interface ClientIds {
  /** Null when the profile names its client id and another tab of this browser is using it. */
  acquire(profile: BrokerProfile): Promise<HeldClientId | null>;
}

/** A tab that is just being reloaded holds its lock a little longer than its page is there. */
const RELOAD_MS = 600;
const RETRY_MS = 60;
const MOST_SLOTS = 32;

export class BrowserClientIds implements ClientIds {
  readonly #database: LinkDatabase;
  /** Absent where the page is not secure. */
  readonly #locks: LockManager | undefined;

  constructor(database: LinkDatabase, locks: LockManager | undefined) {
    this.#database = database;
    this.#locks = locks;
  }

  async acquire(profile: BrokerProfile): Promise<HeldClientId | null> {
    const locks = this.#locks;
    if (!locks) {
      return withoutLock(
        profile.clientId,
        'This page came over plain http, where tabs cannot agree on client ids: what the broker has not acknowledged is lost when it is closed.',
      );
    }
    const untilMs = performance.now() + RELOAD_MS;
    if (profile.clientId !== '') {
      return poll(untilMs, async () => {
        const release = await tryLock(locks, `continuum-client-id ${profile.clientId}`);
        return release && { clientId: profile.clientId, problem: null, release };
      });
    }
    try {
      const known = await this.#database.clientIds.where('[profileId+slot]').between([profile.id, 0], [profile.id, MOST_SLOTS]).count();
      const again = await poll(untilMs, () => this.#firstFree(locks, profile.id, known));
      const held = again ?? (await this.#firstFree(locks, profile.id, MOST_SLOTS));
      return held ?? withoutLock('', 'This browser has many tabs of this page: this one has no outbox of its own.');
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return withoutLock('', `The browser does not store which client id this tab has (${detail}): what is not delivered is lost when it is closed.`);
    }
  }

  async #firstFree(locks: LockManager, profileId: string, slots: number): Promise<HeldClientId | null> {
    for (let slot = 0; slot < slots; slot += 1) {
      const release = await tryLock(locks, `continuum-client ${profileId} ${slot}`);
      if (!release) continue;
      const row = await this.#database.clientIds.get([profileId, slot]);
      const clientId = row?.clientId ?? randomClientId();
      if (!row) await this.#database.clientIds.put({ profileId, slot, clientId });
      return { clientId, problem: null, release };
    }
    return null;
  }
}

/** `continuum-` and six characters. */
export function randomClientId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return `continuum-${Array.from(bytes, (byte) => letters[byte % letters.length]).join('')}`;
}

function withoutLock(clientId: string, problem: string): HeldClientId {
  return { clientId: clientId || randomClientId(), problem, release: () => undefined };
}

/** Gives how to release it; null when somebody else has it. */
function tryLock(locks: LockManager, name: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}

async function poll<T>(untilMs: number, attempt: () => Promise<T | null>): Promise<T | null> {
  for (;;) {
    const result = await attempt();
    if (result !== null || performance.now() >= untilMs) return result;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
