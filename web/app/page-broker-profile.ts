/** The broker inside this page, as one that can be joined. */
import type { BrokerProfile } from '../mqtt/link/profile.ts';
import type { ProfileShelf } from '../ui/broker/broker-store.svelte.ts';
import { PAGE_BROKER } from '../devices/virtual-board/firmware/network-port.ts';
import { DEFAULT_ROOT } from '../protocol/topics.ts';

export const pageBrokerProfile: BrokerProfile = {
  id: 'page',
  name: 'this page’s own broker',
  url: PAGE_BROKER,
  username: '',
  root: DEFAULT_ROOT,
  // No node can be called so: another client under the same id would end this one's connection.
  clientId: 'this.page',
};

export function isPageBroker({ url }: Pick<BrokerProfile, 'url'>): boolean {
  return url === PAGE_BROKER;
}

/** The page's own broker is always there, so it is not kept among those that were set up. */
export function withoutPageBroker(shelf: ProfileShelf): ProfileShelf {
  return {
    list: () => shelf.list(),
    save: async (profile, password) => {
      if (!isPageBroker(profile)) await shelf.save(profile, password);
    },
    remove: (id) => shelf.remove(id),
    used: async (id) => {
      if (id !== pageBrokerProfile.id) await shelf.used(id);
    },
  };
}
