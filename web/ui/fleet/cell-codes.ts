/**
 * What a cell looks like, as one byte for each node: a shade of the metric's scale, or a sign that
 * outranks it. A node in trouble never passes for a value, and only cells whose byte changed are repainted.
 */
import { nodeStates } from '../../sim/snapshot.ts';
import type { NodeColumns, NodeState } from '../../sim/snapshot.ts';
import type { MetricId, Scale } from './metrics.ts';

export const shades = 64;
/** Follow the shades 0 to 63. */
export const cellCode = {
  unknown: 64,
  running: 65,
  idle: 66,
  booting: 67,
  restarting: 68,
  faulted: 69,
  off: 70,
  anomaly: 71,
} as const;
export const codeCount = 72;

const codeOfState = nodeStates.map((state): number => cellCode[state]);
const isShown = nodeStates.map((state) => (['running', 'idle'] as NodeState[]).includes(state));

/** Writes the codes of all nodes into `codes`. */
export function writeCodes(
  codes: Uint8Array,
  nodes: NodeColumns,
  metric: MetricId,
  values: ArrayLike<number>,
  { low, high }: Scale,
): void {
  const perShade = (shades - 1) / (high - low);
  const byState = metric === 'state';
  for (let i = 0; i < codes.length; i++) {
    const state = nodes.state[i]!;
    if (byState || !isShown[state]) codes[i] = codeOfState[state]!;
    else if (nodes.anomaly[i] !== 0) codes[i] = cellCode.anomaly;
    else {
      const value = values[i]!;
      // Only NaN differs from itself.
      codes[i] =
        value !== value ? cellCode.unknown : Math.min(shades - 1, Math.max(0, Math.round((value - low) * perShade)));
    }
    if (byState && nodes.anomaly[i] !== 0 && isShown[state]) codes[i] = cellCode.anomaly;
  }
}
