/** Wires what leads out of the page to the workers behind it. */
import { transfer, type Remote } from 'comlink';
import { KeptKeys } from '../devices/signing/kept-keys.ts';
import { openLinkDatabase } from '../mqtt/link/link-database.ts';
import { ProfileStore } from '../mqtt/link/profile-store.ts';
import { BrokerStore } from '../ui/broker/broker-store.svelte.ts';
import type { BrokerLinkPort } from '../ui/broker-port.ts';
import { Outside } from '../ui/outside/outside.svelte.ts';
import OutsideTools from '../ui/outside/OutsideTools.svelte';
import type { GuestShelf } from '../ui/session/guest-shelf.svelte.ts';
import type { Session } from '../ui/session/session.svelte.ts';
import type { OutsideControl } from './outside-control.ts';
import type { RemoteSimulation } from './page.ts';
import { openHistory } from './open-history.ts';
import { openLink } from './open-link.ts';
import { lastJoined } from './last-joined.ts';
import { updateActions } from './update-actions.ts';

export interface OpenOutside {
  outside: Outside;
  Tools: typeof OutsideTools;
}

export async function openOutside(session: Session, shelf: GuestShelf, remote: RemoteSimulation): Promise<OpenOutside> {
  const control = (await remote.outside()) as unknown as Remote<OutsideControl>;
  let recording: Promise<void> | null = null;
  /** What passes is recorded from the first joining on. */
  const record = (): Promise<void> =>
    (recording ??= openHistory().then(async ({ connect }) => {
      const intake = await connect();
      await control.connectHistory(transfer(intake, [intake]));
    }));

  const open = async (): Promise<BrokerLinkPort> => {
    const { link, channel } = await openLink();
    await control.connectLink(transfer(channel, [channel]));
    return {
      test: (profile, password) => link.test(profile, password),
      retryNow: () => link.retryNow(),
      report: () => link.report(),
      discardOutbox: () => link.discardOutbox(),
      async join(profile, password) {
        await record();
        await link.join(profile, password);
        lastJoined.set(profile.id);
      },
      async leave() {
        lastJoined.set(null);
        await link.leave();
      },
    };
  };
  const broker = new BrokerStore(open, new ProfileStore(openLinkDatabase()));
  const outside = new Outside({
    broker,
    keys: new KeptKeys(),
    updates: updateActions(session, shelf),
    openHistory,
  });
  return { outside, Tools: OutsideTools };
}
