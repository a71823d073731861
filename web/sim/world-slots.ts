/** Where the nodes of others meet the world's own. */
import type { SlotMode } from './bridge-snapshot.ts';
import { EdgeNode } from './edge-node.ts';
import { resize } from './resize-columns.ts';
import { NOT_JOINED } from './slot-modes.ts';
import { Slots } from './slots.ts';
import type { World } from './world.ts';

/** Places for nodes of others in this world, none taken yet. */
export function slotsIn(world: World): Slots {
  const { context, observer, newBroker, byId, nodes } = world;
  const nativeEdge = (): boolean => world.placement('edge') === 'native';
  return new Slots({
    context,
    observer,
    newBroker,
    nativeEdge,
    lastComputed: () => world.lastComputed(),
    localEdge: (id) => {
      const node = byId.get(id);
      return node instanceof EdgeNode ? node : null;
    },
    append: (slot) => {
      nodes.push(slot);
      byId.set(slot.identity.id, slot);
    },
    nextIndex: () => nodes.length,
    newEdge: (own, identity, siteIndex) => {
      const edge = world.newEdge(own, identity, siteIndex);
      edge.run(world.guestOf(identity.id), nativeEdge());
      edge.series.expect(world.lastComputed());
      return edge;
    },
    guestBySha256: (sha256) => world.guestBySha256(sha256),
    joined: () => world.bridge !== null,
    claim: (slot) => world.bridge?.claim(slot) ?? false,
    release: (id) => world.bridge?.release(id),
  });
}

/** Why the edge node cannot be used so, as a sentence, or null. */
export function setMode(world: World, index: number, mode: SlotMode): string | null {
  const { slots } = world;
  const { id, tier } = world.nodes[index].identity;
  if (tier !== 'edge') return `${id} is computed by this page; only edge nodes are simulated or real.`;
  if (!slots) return mode === 'simulated' ? null : NOT_JOINED;
  return slots.setMode(id, mode);
}

/** No broker is joined any more. */
export function forgetSlots(world: World): void {
  const { slots, nodes, edges, byId, columns } = world;
  slots?.forget();
  const own = edges.length + 2;
  // Their indices will be those of others.
  world.fog.forgetFrom(own);
  world.cloud.forgetFrom(own);
  world.observer.forgetFrom(own);
  world.control?.updates.forgetFrom(own);
  for (const { identity } of nodes.slice(own)) byId.delete(identity.id);
  nodes.length = own;
  resize(columns, own);
}
