/** What each tier runs under a deployment strategy. */
import type { Strategy, Tier } from '../../sim/snapshot.ts';

export type Runs = 'wasm' | 'native' | 'relay only';

const table: Record<Strategy, Record<Tier, Runs>> = {
  A: { edge: 'wasm', fog: 'relay only', cloud: 'relay only' },
  B: { edge: 'wasm', fog: 'wasm', cloud: 'relay only' },
  C: { edge: 'wasm', fog: 'wasm', cloud: 'wasm' },
  D: { edge: 'wasm', fog: 'native', cloud: 'native' },
  E: { edge: 'native', fog: 'native', cloud: 'native' },
};

export function runsWhere(strategy: Strategy, tier: Tier): Runs {
  return table[strategy][tier];
}
