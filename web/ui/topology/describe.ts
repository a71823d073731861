/** The topology in words: for the tooltip, and for those who hear it rather than see it. */
import { faultKinds, nodeStates } from '../../sim/snapshot.ts';
import type { NodeColumns, NodeInfo, Tier } from '../../sim/snapshot.ts';

const anomalyWords = ['none', 'spike', 'stuck', 'out of range'] as const;

export interface NodeWords {
  id: string;
  place: string;
  state: string;
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
  return {
    id: info.id,
    place: `${info.kind} ${info.tier} node`,
    state: nodeStates[nodes.state[index]!] ?? 'idle',
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
  if (words.percent !== null) parts.push(`moisture ${words.percent} percent`);
  if (words.raw !== null) parts.push(`raw ${words.raw}`);
  if (words.outputs !== null) parts.push(`${words.outputs} on`);
  if (words.anomaly !== null) parts.push(`anomaly ${words.anomaly}`);
  if (words.sensorFault !== null) parts.push(`sensor fault ${words.sensorFault}`);
  return parts.join(', ');
}

/** The whole picture: how many of each tier, and how many need attention. */
export function summarise(info: readonly NodeInfo[], nodes: NodeColumns): string {
  const count = (holds: (index: number) => boolean) => info.filter((_, index) => holds(index)).length;
  const ofTier = (tier: Tier) => `${count((i) => info[i]!.tier === tier)} ${tier}`;
  const facts = [
    `${count((i) => nodeStates[nodes.state[i]!] === 'running')} running`,
    `${count((i) => nodeStates[nodes.state[i]!] === 'faulted')} faulted`,
    `${count((i) => nodes.anomaly[i] !== 0)} with an anomaly`,
    `${count((i) => (nodes.outputs[i]! & 8) !== 0)} pumping`,
  ];
  return `Nodes around the broker: ${ofTier('edge')}, ${ofTier('fog')}, ${ofTier('cloud')}. ${facts.join(', ')}.`;
}
