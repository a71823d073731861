import { expect, test } from 'vitest';
import type { NodeColumns, NodeInfo } from '../../sim/snapshot.ts';
import { columnsFor, listColumns, sortKey } from './node-columns.ts';
import { matcher } from './search.ts';

const info: NodeInfo[] = [
  { id: 'esp32-1', tier: 'edge', kind: 'simulated', mode: 'simulated' },
  { id: 'esp32-2', tier: 'edge', kind: 'simulated', mode: 'simulated' },
  { id: 'esp32-12', tier: 'edge', kind: 'simulated', mode: 'simulated' },
  { id: 'fog', tier: 'fog', kind: 'simulated', mode: 'simulated' },
];
const nodes: NodeColumns = {
  state: Uint8Array.of(1, 3, 4, 1),
  raw: Float32Array.of(1500, 2600, 1800, NaN),
  percent: Float32Array.of(70, 5, 50, NaN),
  anomaly: Uint8Array.of(0, 2, 3, 0),
  outputs: Uint8Array.of(8, 1, 0, 0),
  fault: Uint8Array.of(0, 2, 1, 0),
  published: Uint32Array.of(10, 20, 30, 40),
  energyJ: Float64Array.of(1, 2, 3, NaN),
  instructionsPerStep: Float64Array.of(1700, 1800, 1700, 900),
};
const found = (query: string) => {
  const holds = matcher(query, info, nodes);
  return info.map((_, i) => i).filter(holds);
};

// Else whoever looks for a fault in 10,000 nodes reads through them.
test.each([
  ['', [0, 1, 2, 3]],
  ['esp32-1', [0, 2]],
  ['ESP32-12', [2]],
  ['fog', [3]],
  ['faulted', [1]],
  ['fault', [1]],
  ['off', [2]],
  ['run', [0, 3]],
  ['pump', [0]],
  ['anomaly', [1, 2]],
  ['stuck', [1]],
  ['out-of-range', [2]],
  ['spike', [2]],
  ['sensor-fault', [1, 2]],
  ['moisture<20', [1]],
  ['moisture>=50', [0, 2]],
  ['raw=1500', [0]],
  ['energy>1.5', [1, 2]],
  ['instructions<1000', [3]],
  ['!running', [1, 2]],
  ['esp32 anomaly !off', [1]],
  ['nothing-of-this', []],
])('"%s" finds %j', (query, indices) => {
  expect(found(query)).toEqual(indices);
});

test('sorted by state, what needs a look comes first or last, never in between', () => {
  const key = sortKey(nodes, 'state')!;
  expect(key(1)).toBeGreaterThan(key(2));
  expect(key(2)).toBeGreaterThan(key(0));
});

test('a narrow list keeps name and state, and the column that sorts it', () => {
  for (const { id } of listColumns) expect(columnsFor(340, id).map((column) => column.id)).toContain(id);
  expect(columnsFor(340, 'energy').map(({ id }) => id)).toEqual(['id', 'state', 'moisture', 'energy']);
  expect(columnsFor(900, 'id')).toBe(listColumns);
});
