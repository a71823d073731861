/** A virtual board that comes online where no broker is joined is of no use to the picture: the page then joins its own. */
import type { VirtualBoards } from '../devices/virtual-board/virtual-boards-port.ts';
import type { BrokerStore } from '../ui/broker/broker-store.svelte.ts';
import { pageBrokerProfile } from './page-broker-profile.ts';

/** Once for each board, so that who leaves is left alone. */
export function joinForBoards(boards: Pick<VirtualBoards, 'watch'>, broker: Pick<BrokerStore, 'state' | 'busy' | 'join'>): void {
  const seen = new Set<string>();
  boards.watch((facts) => {
    const fresh = facts.filter(({ id, online }) => online && !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    if (fresh.length > 0 && broker.state.kind === 'left' && broker.busy === null) void broker.join(pageBrokerProfile, '');
  });
}
