/** Starts the worker of the connection to the user's own broker; loaded only when one is asked for. */
import { transfer, wrap, type Remote } from 'comlink';
import { openLinkDatabase } from '../mqtt/link/link-database.ts';
import { ProfileStore } from '../mqtt/link/profile-store.ts';
import type { BrokerLinkPort } from '../ui/broker-port.ts';
import type { LinkWorker } from './link-worker.ts';

export interface OpenedLink {
  link: BrokerLinkPort;
  /** The simulation's end of the channel, to be transferred to its worker. */
  channel: MessagePort;
  profiles: ProfileStore;
}

/** Rejects with a sentence when the worker does not load. */
export async function openLink(): Promise<OpenedLink> {
  const worker = new Worker(new URL('./link-worker.ts', import.meta.url), { type: 'module' });
  const broken = new Promise<never>((_, reject) => {
    worker.onerror = () => reject(new Error('The part of this page that speaks to brokers did not load. Reload the page.'));
  });
  const link: Remote<LinkWorker> = wrap<LinkWorker>(worker);
  const { port1, port2 } = new MessageChannel();
  await Promise.race([link.connect(transfer(port1, [port1])), broken]);
  return { link, channel: port2, profiles: new ProfileStore(openLinkDatabase()) };
}
