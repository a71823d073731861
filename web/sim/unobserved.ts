/** What a world keeps that nobody looks at. In a file of its own, since the page's world never needs it. */
import type { BrokerPort } from './broker-port.ts';
import { BriefLog } from './brief-log.ts';
import type { EventLog } from './event-log.ts';
import { FanOut } from './fan-out.ts';
import { nothingKept, type KeptHistory } from './kept-history.ts';
import { jointDigest } from './run-digest.ts';
import type { World } from './world.ts';

/** Where the nodes of a tier publish and log; worlds that share these nodes share it. */
export interface Side {
  broker: FanOut;
  log: EventLog;
}

export interface Unobserved {
  /** Of the cloud, and of all that no node does. */
  log: EventLog;
  kept: KeptHistory;
  edge: Side;
  fog: Side;
  /**
   * A world that has not run yet and places the same on its edge: this one has its edge nodes and its time, with a broker and a
   * cloud of its own. In it happens what would happen if it had such nodes for itself.
   */
  edgesOf: World | null;
  /** One of those that share the edge nodes, which places the same on its fog: this one has its fog as well. */
  fogOf: World | null;
}

/** A world and what it was made with. */
export interface Shared {
  world: World;
  unobserved: Unobserved;
}

/**
 * For one world.
 * @param broker the one that it is given
 */
export function unobserved(broker: BrokerPort, edges: Shared | null = null, fog: Shared | null = null): Unobserved {
  const sides = { edge: edges?.unobserved.edge ?? newSide(), fog: fog?.unobserved.fog ?? newSide() };
  sides.edge.broker.add(broker);
  sides.fog.broker.add(broker);
  return { log: new BriefLog(), kept: nothingKept, ...sides, edgesOf: edges?.world ?? null, fogOf: fog?.world ?? null };
}

/** Of all that has happened, sixteen hexadecimal digits: the same for a world that has nodes for itself and for one that shares them. */
export function digestOf({ edge, fog, log }: Unobserved): string {
  return jointDigest([edge.log, fog.log, log].map((each) => each.digest()));
}

function newSide(): Side {
  return { broker: new FanOut(), log: new BriefLog() };
}
