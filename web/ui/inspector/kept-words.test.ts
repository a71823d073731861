import { expect, it } from 'vitest';
import type { NodeInfo } from '../../sim/snapshot.ts';
import { keptSince } from './kept-words.ts';

const fleet = (edgeNodes: number): NodeInfo[] => [
  ...Array.from({ length: edgeNodes }, (_, i): NodeInfo => ({ id: `esp32-${i}`, tier: 'edge', kind: 'simulated', mode: 'simulated' })),
  { id: 'fog', tier: 'fog', kind: 'simulated', mode: 'simulated' },
  { id: 'cloud', tier: 'cloud', kind: 'simulated', mode: 'simulated' },
];

it('explains an empty past exactly where the simulation keeps none: else a tab looks broken, or the page lies', () => {
  expect(keptSince('messages are', fleet(1000))).toBeNull();
  expect(keptSince('messages are', fleet(1001))).toBe(
    "In a fleet of more than 1,000 nodes a node's messages are kept from the moment it is selected.",
  );
  expect(keptSince('messages are', [])).toBeNull();
});
