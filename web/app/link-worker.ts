/** Entry point of the worker that holds the connection to the user's own broker. */
import { expose } from 'comlink';
import { BrokerLink } from '../mqtt/link/broker-link.ts';
import { BrowserClientIds } from '../mqtt/link/client-ids.ts';
import { DexieOutboxStore } from '../mqtt/link/dexie-outbox-store.ts';
import { openLinkDatabase } from '../mqtt/link/link-database.ts';
import type { HostPlace } from '../mqtt/link/host-place.ts';
import type { LocalNetworkPermission } from '../mqtt/link/page-access.ts';
import { overMessagePort } from '../mqtt/link/simulation-channel.ts';
import type { BrokerLinkPort } from '../ui/broker-port.ts';

export interface LinkWorker extends BrokerLinkPort {
  /** Takes the connection's end of the channel to the simulation. */
  connect(channel: MessagePort): void;
}

const database = openLinkDatabase();

const link = new BrokerLink({
  openSocket: (url, protocols) => new WebSocket(url, protocols),
  fetch: (url, init) => fetch(url, init),
  // A worker's own address is that of the page as far as origins go.
  page: { protocol: location.protocol, hostname: location.hostname, secureContext: isSecureContext },
  localNetworkPermission,
  // Typed as always there, but absent where the page came over plain http.
  clientIds: new BrowserClientIds(database, navigator.locks as LockManager | undefined),
  outboxStore: new DexieOutboxStore(database),
  random: Math.random,
  nowMs: Date.now,
});

/** Chrome's names, which TypeScript's library does not know; the last is that of versions before the others. */
async function localNetworkPermission(target: HostPlace): Promise<LocalNetworkPermission> {
  const decisive = target === 'loopback' ? 'loopback-network' : 'local-network';
  for (const name of [decisive, 'local-network-access']) {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })).state;
    } catch {
      // A browser without this one may have the next.
    }
  }
  return null;
}

addEventListener('online', () => void link.retryNow());

const port: LinkWorker = {
  connect: (channel) => link.connect(overMessagePort(channel)),
  test: (profile, password) => link.test(profile, password),
  join: (profile, password) => link.join(profile, password),
  leave: () => link.leave(),
  retryNow: () => link.retryNow(),
  report: () => link.report(),
  discardOutbox: () => link.discardOutbox(),
};

expose(port);
