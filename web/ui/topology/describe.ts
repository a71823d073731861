/** The topology in words: for the tooltip, and for those who hear it rather than see it. */
import { faultKinds, nodeStates } from '../../sim/snapshot.ts';
import type { NodeColumns, NodeInfo, NodeState } from '../../sim/snapshot.ts';
import { isStale } from './look.ts';

const anomalyWords = ['none', 'spike', 'stuck', 'out of range'] as const;

export interface NodeWords {
  id: string;
  place: string;
  state: string;
  /** It senses nothing in this state: its figures are of before. */
  stale: boolean;
  raw: string | null;
  percent: string | null;
  anomaly: string | null;
  sensorFault: string | null;
  outputs: string | null;
}

/** What is known of a node; null where it has nothing to say. */
export function nodeWords(info: NodeInfo, nodes: NodeColumns, index: number): NodeWords {
  const raw = nodes.raw[index]!;
  const percent = nodes.percent[index]!;
  const anomaly = nodes.anomaly[index]!;
  const outputs = nodes.outputs[index]!;
  const on = ['red LED', 'green LED', 'blue LED', 'pump'].filter((_, bit) => (outputs & (1 << bit)) !== 0);
  const state = nodeStates[nodes.state[index]!] ?? 'idle';
  return {
    id: info.id,
    place: `${info.kind} ${info.tier} node`,
    state,
    stale: isStale(state),
    raw: Number.isNaN(raw) ? null : String(Math.round(raw)),
    percent: Number.isNaN(percent) ? null : String(Math.round(percent)),
    anomaly: anomaly === 0 ? null : (anomalyWords[anomaly] ?? null),
    sensorFault: nodes.fault[index] === 0 ? null : (faultKinds[nodes.fault[index]! - 1] ?? null),
    outputs: on.length > 0 ? on.join(', ') : null,
  };
}

/** One node as one sentence. */
export function nodeSentence(words: NodeWords): string {
  const parts = [words.id, words.place, words.state];
  const when = words.stale ? 'last ' : '';
  if (words.percent !== null) parts.push(`${when}moisture ${words.percent} percent`);
  if (words.raw !== null) parts.push(`${when}raw ${words.raw}`);
  if (words.outputs !== null) parts.push(`${words.outputs} on`);
  if (words.anomaly !== null) parts.push(`anomaly ${words.anomaly}`);
  if (words.sensorFault !== null) parts.push(`sensor fault ${words.sensorFault}`);
  return parts.join(', ');
}

/** The whole picture: how many of each tier, and how many need attention. */
export function summarise(info: readonly NodeInfo[], nodes: NodeColumns): string {
  const tiers = { edge: 0, fog: 0, cloud: 0 };
  const states = new Uint32Array(nodeStates.length);
  let [anomalies, pumping] = [0, 0];
  // One pass without a closure for each node: a fleet has 10,000, and the picture moves meanwhile.
  for (let i = 0; i < info.length; i++) {
    tiers[info[i]!.tier]++;
    states[nodes.state[i]!]!++;
    if (nodes.anomaly[i] !== 0) anomalies++;
    if ((nodes.outputs[i]! & 8) !== 0) pumping++;
  }
  const inState = (state: NodeState): string => `${states[nodeStates.indexOf(state)]!} ${state}`;
  const facts = [inState('running'), inState('faulted'), `${anomalies} with an anomaly`, `${pumping} pumping`];
  return `Nodes around the broker: ${tiers.edge} edge, ${tiers.fog} fog, ${tiers.cloud} cloud. ${facts.join(', ')}.`;
}
