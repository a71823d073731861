import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeStates } from '../../sim/snapshot.ts';
import type { NodeColumns } from '../../sim/snapshot.ts';
import { cellCode, shades, writeCodes } from './cell-codes.ts';
import { metrics, spanOf } from './metrics.ts';
import { isSign, pack, paintCell } from './raster.ts';
import type { Pattern } from './raster.ts';
import { findTroubles, mostMarks, troubleKinds } from './troubles.ts';

/** A fleet of running nodes at 50 percent. */
function fleet(count: number): NodeColumns {
  return {
    state: new Uint8Array(count).fill(nodeStates.indexOf('running')),
    raw: new Float32Array(count).fill(1850),
    percent: new Float32Array(count).fill(50),
    anomaly: new Uint8Array(count),
    outputs: new Uint8Array(count),
    fault: new Uint8Array(count),
    published: new Uint32Array(count),
    energyJ: new Float64Array(count).fill(1),
    instructionsPerStep: new Float64Array(count).fill(1700),
  };
}

function codesOf(nodes: NodeColumns, metric: 'moisture' | 'state' | 'energy', scale = { low: 0, high: 100 }): Uint8Array {
  const codes = new Uint8Array(nodes.state.length);
  writeCodes(codes, nodes, metric, metrics[metric].column(nodes), scale);
  return codes;
}

test('wetter is a higher shade, from end to end of the scale, and nothing read is no shade', () => {
  const nodes = fleet(5);
  nodes.percent.set([0, 50, 100, 140, NaN]);
  expect([...codesOf(nodes, 'moisture')]).toEqual([0, 32, shades - 1, shades - 1, cellCode.unknown]);
});

// Else a node that is down passes for one that is dry or wet, whatever the cells show.
test('trouble outranks every value, under every metric', () => {
  const nodes = fleet(5);
  nodes.state.set([3, 4, 2, 0, 1].map((state) => state));
  nodes.anomaly[4] = 1;
  for (const metric of ['moisture', 'state', 'energy'] as const) {
    expect([...codesOf(nodes, metric)]).toEqual([
      cellCode.faulted, cellCode.off, cellCode.restarting, cellCode.booting, cellCode.anomaly,
    ]);
  }
});

test('a scale spans what the nodes have, and is never empty', () => {
  expect(spanOf([3, NaN, 7, 5])).toEqual({ low: 3, high: 7 });
  expect(spanOf([NaN])).toEqual({ low: 0, high: 1 });
  for (const value of [0, 4, -4]) {
    const { low, high } = spanOf([value, value]);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  }
});

// Else one faulted node in 10,000 is lost where cells are small.
test('a sign shows in a cell of any size', () => {
  const patterns = fc.constantFrom<Pattern>('cross', 'hollow', 'half', 'dotted', 'wedge');
  const size = fc.integer({ min: 1, max: 22 });
  fc.assert(
    fc.property(patterns, size, size, (pattern, width, height) => {
      const pixels = new Uint32Array(width * height);
      paintCell(pixels, width, height, 0, 0, width, height, { fill: 1, sign: 2, pattern });
      expect(pixels).toContain(2);
      expect(pixels.every((pixel) => pixel !== 0)).toBe(true);
    }),
  );
});

test('a cell that is partly out of the bitmap is cut off, not wrapped round', () => {
  const pixels = new Uint32Array(16);
  paintCell(pixels, 4, 4, 3, -2, 7, 2, { fill: 9, sign: 9, pattern: 'plain' });
  expect([...pixels]).toEqual([0, 0, 0, 9, 0, 0, 0, 9, ...Array<number>(8).fill(0)]);
  paintCell(pixels, 4, 4, 8, 0, 12, 4, { fill: 5, sign: 5, pattern: 'plain' });
  expect(pixels).not.toContain(5);
});

test('signs differ where there is room for them, so that colour is not all that tells them apart', () => {
  const drawn = (['cross', 'hollow', 'half', 'dotted', 'wedge', 'plain'] as const).map((pattern) =>
    Array.from({ length: 64 }, (_, i) => Number(isSign(pattern, i % 8, Math.floor(i / 8), 8, 8))).join(''),
  );
  expect(new Set(drawn).size).toBe(6);
});

test('colours are packed as a canvas holds them: red first in memory', () => {
  expect([...new Uint8Array(Uint32Array.of(pack(1, 2, 3)).buffer)]).toEqual([1, 2, 3, 255]);
});

// Else a mass fault hides the one node that fails otherwise.
test('a kind too frequent for marks leaves those of the other kinds', () => {
  const nodes = fleet(10_000);
  nodes.state.fill(nodeStates.indexOf('faulted'), 0, mostMarks + 1);
  nodes.anomaly[9999] = 2;
  nodes.fault[5000] = 1;
  nodes.outputs[5001] = 8;
  const { counts, marks, pumping, running } = findTroubles(nodes);
  expect(marks.map(({ node, kind }) => [node, troubleKinds[kind]])).toEqual([
    [5000, 'sensorFault'],
    [9999, 'anomaly'],
  ]);
  expect([...counts]).toEqual([mostMarks + 1, 0, 1, 0, 1]);
  expect([running, pumping]).toEqual([10_000 - mostMarks - 1, 1]);
});
