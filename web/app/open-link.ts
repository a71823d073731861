/** Starts the worker of the connection to the user's own broker; loaded only when one is asked for. */
import { transfer, wrap, type Remote } from 'comlink';
import type { BrokerLinkPort } from '../ui/broker-port.ts';
import type { LinkWorker } from './link-worker.ts';

export interface OpenedLink {
  link: BrokerLinkPort;
  /** The simulation's end of a channel, to be transferred to its worker; one made later replaces it. */
  channel(): Promise<MessagePort>;
}

/** Rejects with a sentence when the worker does not load. */
export async function openLink(): Promise<OpenedLink> {
  const worker = new Worker(new URL('./link-worker.ts', import.meta.url), { type: 'module' });
  const broken = new Promise<never>((_, reject) => {
    worker.onerror = () => reject(new Error('The part of this page that speaks to brokers did not load. Reload the page.'));
  });
  const link: Remote<LinkWorker> = wrap<LinkWorker>(worker);
  await Promise.race([link.report(), broken]);
  return {
    link,
    async channel() {
      const { port1, port2 } = new MessageChannel();
      await link.connect(transfer(port1, [port1]));
      return port2;
    },
  };
}
