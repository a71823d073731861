import { expect, test } from 'vitest';
import type { NodeInfo, Notice } from '../../sim/snapshot.ts';
import { groupNotices, toastText } from './notice-groups.ts';

const info: NodeInfo[] = Array.from({ length: 1000 }, (_, i) => ({ id: `esp32-${i + 1}`, tier: 'edge', kind: 'simulated', mode: 'simulated' }));
const trap = (id: number, nodeIndex: number, seconds = 1): Notice => ({
  id,
  timeUs: id,
  severity: 'error',
  nodeIndex,
  text: `esp32-${nodeIndex + 1}: The guest called abort. It starts again in ${seconds} s.`,
});

test('a single notice is told in its own words', () => {
  expect(toastText([trap(1, 4)], 0, info)).toBe('esp32-5: The guest called abort. It starts again in 1 s.');
});

// Else a thousand nodes that fault together give a thousand toasts, or one that names a single node.
test('a thousand nodes that fault together are one notice, those the page never got included', () => {
  const got = Array.from({ length: 100 }, (_, i) => trap(1000 - i, 999 - i, 1 + (i % 8)));
  expect(toastText(got, 900, info)).toMatch(/^1,000 nodes: The guest called abort\./);
  const [group, ...others] = groupNotices(got, info);
  expect(others).toEqual([]);
  expect(group).toMatchObject({ count: 100, latest: { id: 1000 } });
  expect(group!.nodes).toHaveLength(100);
});

test('the same node again and again is one node', () => {
  const got = [trap(3, 0, 4), trap(2, 0, 2), trap(1, 0)];
  expect(toastText(got, 0, info)).toMatch(/^esp32-1, 3 times: /);
  expect(groupNotices(got, info)).toMatchObject([{ nodes: [0], count: 3 }]);
});

test('different things stay apart', () => {
  const lost: Notice = { id: 9, timeUs: 9, severity: 'warning', nodeIndex: 2, text: 'esp32-3 went silent.' };
  const got = [lost, trap(8, 1), trap(7, 0)];
  expect(groupNotices(got, info).map(({ nodes }) => nodes)).toEqual([[2], [1, 0]]);
  expect(toastText(got, 0, info)).toBe('3 notices, the latest: esp32-3 went silent.');
});
