/** What is typed to find nodes: words that must all hold, each a part of a name, a state, a sign or a comparison. */
import { faultKinds, nodeStates } from '../../sim/snapshot.ts';
import type { NodeColumns, NodeInfo, NodeState } from '../../sim/snapshot.ts';

type Holds = (index: number) => boolean;

const anomalies = ['none', 'spike', 'stuck', 'out-of-range'];
const pumpBit = 8;
/** Shorter words are parts of names: `run` stands for running, `of` for nothing. */
const shortestPrefix = 3;
const comparison = /^([a-z]+)(<=|>=|<|>|=)(-?\d+(?:\.\d+)?)$/;

export const searchHint = 'esp32-42, faulted, pump, anomaly, moisture<20';

/** Whether the node at an index matches `query`; every node matches an empty one. */
export function matcher(query: string, info: readonly NodeInfo[], nodes: NodeColumns): Holds {
  const tests = query
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
    .map((word) => (word.startsWith('!') && word.length > 1 ? not(test(word.slice(1), info, nodes)) : test(word, info, nodes)));
  return (index) => tests.every((holds) => holds(index));
}

const not =
  (holds: Holds): Holds =>
  (index) =>
    !holds(index);

function test(word: string, info: readonly NodeInfo[], nodes: NodeColumns): Holds {
  const compared = comparison.exec(word);
  const column = compared && figures(compared[1]!, nodes);
  if (compared && column) return compare(column, compared[2]!, Number(compared[3]));

  const begins = (whole: string): boolean => whole === word || (word.length >= shortestPrefix && whole.startsWith(word));
  const state = nodeStates.find(begins);
  if (state) return inState(state, nodes);
  if (begins('pump') || begins('pumping')) return (index) => (nodes.outputs[index]! & pumpBit) !== 0;
  if (begins('anomaly') || begins('anomalies')) return (index) => nodes.anomaly[index] !== 0;
  if (begins('sensor-fault')) return (index) => nodes.fault[index] !== 0;
  const anomaly = anomalies.findIndex(begins);
  const fault = faultKinds.findIndex(begins);
  if (anomaly > 0 || fault >= 0) {
    return (index) => (anomaly > 0 && nodes.anomaly[index] === anomaly) || (fault >= 0 && nodes.fault[index] === fault + 1);
  }
  return (index) => info[index]!.id.toLowerCase().includes(word);
}

function inState(state: NodeState, nodes: NodeColumns): Holds {
  const code = nodeStates.indexOf(state);
  return (index) => nodes.state[index] === code;
}

function figures(name: string, nodes: NodeColumns): ArrayLike<number> | null {
  const columns: Record<string, ArrayLike<number>> = {
    moisture: nodes.percent,
    raw: nodes.raw,
    published: nodes.published,
    energy: nodes.energyJ,
    instructions: nodes.instructionsPerStep,
  };
  return (Object.hasOwn(columns, name) ? columns[name] : null) ?? null;
}

function compare(column: ArrayLike<number>, sign: string, limit: number): Holds {
  // What was not measured yet (NaN) matches no comparison.
  switch (sign) {
    case '<':
      return (index) => column[index]! < limit;
    case '<=':
      return (index) => column[index]! <= limit;
    case '>':
      return (index) => column[index]! > limit;
    case '>=':
      return (index) => column[index]! >= limit;
    default:
      return (index) => column[index] === limit;
  }
}
