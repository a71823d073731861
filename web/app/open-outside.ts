/** Wires what leads out of the page to the workers behind it. */
import { transfer, type Remote } from 'comlink';
import type { ServedFirmware } from '../devices/image/served-firmware.ts';
import { KeptKeys } from '../devices/signing/kept-keys.ts';
import type { VirtualBoards } from '../devices/virtual-board/virtual-boards-port.ts';
import { openLinkDatabase } from '../mqtt/link/link-database.ts';
import { ProfileStore } from '../mqtt/link/profile-store.ts';
import { BrokerStore } from '../ui/broker/broker-store.svelte.ts';
import { Outside } from '../ui/outside/outside.svelte.ts';
import OutsideTools from '../ui/outside/OutsideTools.svelte';
import type { GuestShelf } from '../ui/session/guest-shelf.svelte.ts';
import type { Session } from '../ui/session/session.svelte.ts';
import type { LiveFleet } from './lab-live-fleet.ts';
import type { OutsideControl } from './outside-control.ts';
import type { RemoteSimulation } from './page.ts';
import { joinForBoards } from './join-for-boards.ts';
import { lastJoined } from './last-joined.ts';
import { LinkSwitch } from './link-switch.ts';
import { openBoards } from './open-boards.ts';
import { openHistory } from './open-history.ts';
import { openLink } from './open-link.ts';
import { pageBrokerProfile, withoutPageBroker } from './page-broker-profile.ts';
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

  const link = new LinkSwitch({
    openLink,
    openBoards,
    connectSimulation: async (channel) => control.connectLink(transfer(channel, [channel])),
    record,
    remember: (profileId) => lastJoined.set(profileId),
  });
  const broker = new BrokerStore(() => Promise.resolve(link), withoutPageBroker(new ProfileStore(openLinkDatabase())));
  const boards = async (): Promise<VirtualBoards> => {
    const opened = await openBoards();
    if (await link.attach(opened)) joinForBoards(opened.boards, broker);
    return opened.boards;
  };
  const virtualFirmware = async (): Promise<ServedFirmware> => (await import('./virtual-firmware.ts')).virtualFirmware;
  const outside: Outside = new Outside({
    broker,
    keys: new KeptKeys(),
    updates: updateActions(session, shelf),
    devices: { openBoards: boards, virtualFirmware },
    openHistory,
    openExperiments: async () => {
      const { connectLiveFleet, openLab } = await import('./lab-open.ts');
      connectLiveFleet(async () => (await control.liveFleet()) as unknown as Remote<LiveFleet>);
      const builtIn = [{ id: 'c', name: 'C' }, { id: 'rust', name: 'Rust' }];
      const { costProfiles } = await import('./lab-cost-profiles.ts');
      return { lab: await openLab(), guests: () => [...builtIn, ...shelf.added], profiles: costProfiles, pauseSimulation: () => session.pause() };
    },
    cover: (covered) => (session.covered = covered),
    openGuests: async () => (await import('./lab-guests.ts')).openLabGuests({ session, shelf, cables: () => outside.devices?.store.boards ?? [] }),
  });
  // Its boards power up with the page, and come back to it.
  if (lastJoined.get() === pageBrokerProfile.id) void boards().catch(() => undefined);
  return { outside, Tools: OutsideTools };
}
