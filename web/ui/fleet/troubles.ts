/** The nodes that need a look: where they are and how many of each sort, in one pass over the columns. */
import { nodeStates } from '../../sim/snapshot.ts';
import type { NodeColumns } from '../../sim/snapshot.ts';

/** In order of weight: a node counts under the first that is true of it. */
export const troubleKinds = ['faulted', 'restarting', 'anomaly', 'off', 'sensorFault'] as const;
export type TroubleKind = (typeof troubleKinds)[number];

/** Marks of a kind that can be told apart; beyond, its cells and the counts at the blocks tell it alone. */
export const mostMarks = 250;

const [faulted, restarting, off] = (['faulted', 'restarting', 'off'] as const).map((state) => nodeStates.indexOf(state));
const running = nodeStates.indexOf('running');
const booting = nodeStates.indexOf('booting');

export interface Troubles {
  /** Nodes of each of `troubleKinds`. */
  counts: Uint32Array;
  /** Index into `troubleKinds` and node, for kinds of at most `mostMarks`; the heaviest last, to be drawn on top. */
  marks: { node: number; kind: number }[];
  running: number;
  booting: number;
  pumping: number;
}

/** Index into `troubleKinds`, or -1 for a node that is well. */
export function troubleOf(nodes: NodeColumns, index: number): number {
  const state = nodes.state[index];
  if (state === faulted) return 0;
  if (state === restarting) return 1;
  if (state === off) return 3;
  if (nodes.anomaly[index] !== 0) return 2;
  return nodes.fault[index] !== 0 ? 4 : -1;
}

export function findTroubles(nodes: NodeColumns): Troubles {
  const counts = new Uint32Array(troubleKinds.length);
  const marks: Troubles['marks'] = [];
  let [runningNow, bootingNow, pumping] = [0, 0, 0];
  for (let node = 0; node < nodes.state.length; node++) {
    if (nodes.state[node] === running) runningNow++;
    else if (nodes.state[node] === booting) bootingNow++;
    if ((nodes.outputs[node]! & 8) !== 0) pumping++;
    const kind = troubleOf(nodes, node);
    if (kind < 0) continue;
    counts[kind]!++;
    if (counts[kind]! <= mostMarks) marks.push({ node, kind });
  }
  const shown = marks.filter(({ kind }) => counts[kind]! <= mostMarks).sort((a, b) => b.kind - a.kind);
  return { counts, marks: shown, running: runningNow, booting: bootingNow, pumping };
}
