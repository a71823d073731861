/** All that a node's picture depends on, packed into one number, so that only changed nodes are repainted. */
import { nodeStates } from '../../sim/snapshot.ts';
import type { NodeColumns, NodeState } from '../../sim/snapshot.ts';

export interface Look {
  state: NodeState;
  /** Whole percent, or null before the first telemetry. */
  percent: number | null;
  anomaly: number;
  red: boolean;
  green: boolean;
  blue: boolean;
  pump: boolean;
  sensorFault: boolean;
  selected: boolean;
  hovered: boolean;
}

/** Whether a node in this state senses nothing, so that its last reading is none of now. */
export function isStale(state: NodeState): boolean {
  return state !== 'running' && state !== 'idle';
}

const noPercent = 127;

/** Bits 0-2 state, 3-9 percent, 10-11 anomaly, 12-15 outputs, 16 sensor fault, 17 selected, 18 hovered. */
export function packLook(nodes: NodeColumns, index: number, selected: boolean, hovered: boolean): number {
  const percent = nodes.percent[index]!;
  const shown = Number.isNaN(percent) ? noPercent : Math.round(Math.min(100, Math.max(0, percent)));
  return (
    nodes.state[index]! |
    (shown << 3) |
    (nodes.anomaly[index]! << 10) |
    ((nodes.outputs[index]! & 15) << 12) |
    (Number(nodes.fault[index] !== 0) << 16) |
    (Number(selected) << 17) |
    (Number(hovered) << 18)
  );
}

export function unpackLook(bits: number): Look {
  const percent = (bits >> 3) & 127;
  return {
    state: nodeStates[bits & 7] ?? 'idle',
    percent: percent === noPercent ? null : percent,
    anomaly: (bits >> 10) & 3,
    red: (bits & (1 << 12)) !== 0,
    green: (bits & (1 << 13)) !== 0,
    blue: (bits & (1 << 14)) !== 0,
    pump: (bits & (1 << 15)) !== 0,
    sensorFault: (bits & (1 << 16)) !== 0,
    selected: (bits & (1 << 17)) !== 0,
    hovered: (bits & (1 << 18)) !== 0,
  };
}
