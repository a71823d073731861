import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeStates } from '../../sim/snapshot.ts';
import { packLook, unpackLook } from './look.ts';
import { oneNode } from './one-node.ts';

// Else two different looks pack alike and a change on a node is not repainted.
test('a packed look unpacks to what was seen', () => {
  const any = fc.record({
    state: fc.integer({ min: 0, max: nodeStates.length - 1 }),
    percent: fc.oneof(fc.constant(NaN), fc.integer({ min: 0, max: 100 })),
    anomaly: fc.integer({ min: 0, max: 3 }),
    outputs: fc.integer({ min: 0, max: 15 }),
    fault: fc.integer({ min: 0, max: 4 }),
  });
  fc.assert(
    fc.property(any, fc.boolean(), fc.boolean(), (node, selected, hovered) => {
      expect(unpackLook(packLook(oneNode(node), 0, selected, hovered))).toEqual({
        state: nodeStates[node.state],
        percent: Number.isNaN(node.percent) ? null : node.percent,
        anomaly: node.anomaly,
        red: (node.outputs & 1) !== 0,
        green: (node.outputs & 2) !== 0,
        blue: (node.outputs & 4) !== 0,
        pump: (node.outputs & 8) !== 0,
        sensorFault: node.fault !== 0,
        selected,
        hovered,
      });
    }),
  );
});

test('a moisture outside 0 to 100 is drawn at the limit, not as "unknown"', () => {
  expect(unpackLook(packLook(oneNode({ percent: 140 }), 0, false, false)).percent).toBe(100);
  expect(unpackLook(packLook(oneNode({ percent: -3 }), 0, false, false)).percent).toBe(0);
});
