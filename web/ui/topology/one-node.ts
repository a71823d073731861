/** Columns of a single node for the topology's tests: running and without telemetry unless given. */
import type { NodeColumns } from '../../sim/snapshot.ts';

type Shown = 'state' | 'raw' | 'percent' | 'anomaly' | 'outputs' | 'fault';

export function oneNode(over: Partial<Record<Shown, number>>): NodeColumns {
  return {
    state: Uint8Array.of(over.state ?? 1),
    raw: Float32Array.of(over.raw ?? NaN),
    percent: Float32Array.of(over.percent ?? NaN),
    anomaly: Uint8Array.of(over.anomaly ?? 0),
    outputs: Uint8Array.of(over.outputs ?? 0),
    fault: Uint8Array.of(over.fault ?? 0),
    published: Uint32Array.of(0),
    energyJ: Float64Array.of(0),
    instructionsPerStep: Float64Array.of(0),
  };
}
