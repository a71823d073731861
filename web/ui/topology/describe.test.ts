import { expect, test } from 'vitest';
import { nodeSentence, nodeWords, summarise } from './describe.ts';
import { oneNode } from './one-node.ts';
import { ramp } from './palette.ts';
import { runsWhere } from './runs-where.ts';

const info = { id: 'edge-07', tier: 'edge', kind: 'simulated', mode: 'simulated' } as const;

// Else those who hear the page learn less of a node than those who see it.
test('a node in words says all that its picture shows', () => {
  const nodes = oneNode({ state: 1, raw: 1830.4, percent: 51.2, anomaly: 2, outputs: 9, fault: 2 });
  expect(nodeSentence(nodeWords(info, nodes, 0))).toBe(
    'edge-07, simulated edge node, running, moisture 51 percent, raw 1830, red LED, pump on, ' +
      'anomaly stuck, sensor fault stuck',
  );
});

test('nothing is claimed before the first telemetry', () => {
  expect(nodeSentence(nodeWords(info, oneNode({ state: 0 }), 0))).toBe('edge-07, simulated edge node, booting');
});

test('the summary counts what needs attention', () => {
  const text = summarise([info], oneNode({ state: 3, anomaly: 1, outputs: 8 }));
  expect(text).toContain('1 edge, 0 fog, 0 cloud');
  expect(text).toContain('0 running, 1 faulted, 1 with an anomaly, 1 pumping');
});

// Else a comparison of strategies is read off wrong labels.
test('what runs where follows the strategies of the design', () => {
  const row = (strategy: 'A' | 'B' | 'C' | 'D' | 'E') =>
    (['edge', 'fog', 'cloud'] as const).map((tier) => runsWhere(strategy, tier));
  expect(row('A')).toEqual(['wasm', 'relay only', 'relay only']);
  expect(row('B')).toEqual(['wasm', 'wasm', 'relay only']);
  expect(row('C')).toEqual(['wasm', 'wasm', 'wasm']);
  expect(row('D')).toEqual(['wasm', 'native', 'native']);
  expect(row('E')).toEqual(['native', 'native', 'native']);
});

test('the moisture ramp passes through its stops', () => {
  const stops = ['rgb(0, 0, 0)', 'rgb(100, 50, 0)', 'rgb(200, 250, 255)'];
  const colours = ramp(stops, 101);
  expect([colours[0], colours[50], colours[100]]).toEqual(stops);
  expect(colours[25]).toBe('rgb(50, 25, 0)');
});
