/** Deployment strategies: which tiers run the guest as wasm, which run its logic natively, which only relay. */
import type { Strategy, Tier } from './snapshot.ts';

export type Placement = 'wasm' | 'native' | 'relay';

export const strategies: Record<Strategy, { title: string; placement: Record<Tier, Placement> }> = {
  A: { title: 'wasm on the edge', placement: { edge: 'wasm', fog: 'relay', cloud: 'relay' } },
  B: { title: 'wasm on edge and fog', placement: { edge: 'wasm', fog: 'wasm', cloud: 'relay' } },
  C: { title: 'wasm everywhere', placement: { edge: 'wasm', fog: 'wasm', cloud: 'wasm' } },
  D: { title: 'wasm on the edge, native fog and cloud', placement: { edge: 'wasm', fog: 'native', cloud: 'native' } },
  E: { title: 'native everywhere', placement: { edge: 'native', fog: 'native', cloud: 'native' } },
};

export function isStrategy(text: string): text is Strategy {
  return Object.hasOwn(strategies, text);
}
