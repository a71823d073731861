import { expect, it } from 'vitest';
import { buildTopicTree, isUnder, visibleRows } from './topic-tree.ts';

const topics = ['ic/fog-1/processed', 'ic/edge-1/data', 'ic/edge-1/data', 'ic/edge-1/config/ack', 'ic/edge-1/config'];
const none: ReadonlySet<string> = new Set();

it('counts every message at each level: a quiet branch would look busy, or the reverse', () => {
  const rows = visibleRows(buildTopicTree(topics), none);
  expect(rows.map(({ node, depth }) => [depth, node.path, node.count])).toEqual([
    [1, 'ic', 5],
    [2, 'ic/edge-1', 4],
    [3, 'ic/edge-1/config', 2],
    [4, 'ic/edge-1/config/ack', 1],
    [3, 'ic/edge-1/data', 2],
    [2, 'ic/fog-1', 1],
    [3, 'ic/fog-1/processed', 1],
  ]);
});

it('hides what lies below a collapsed topic and tells a screen reader the place among siblings', () => {
  const rows = visibleRows(buildTopicTree(topics), new Set(['ic/edge-1']));
  expect(rows.map((row) => [row.node.level, row.expanded, row.position, row.siblings])).toEqual([
    ['ic', true, 1, 1],
    ['edge-1', false, 1, 2],
    ['fog-1', true, 2, 2],
    ['processed', false, 1, 1],
  ]);
});

it('keeps empty levels apart: "/a" and "a" are two topics to a broker', () => {
  const rows = visibleRows(buildTopicTree(['/a', 'a']), none);
  expect(rows.map((row) => row.node.path)).toEqual(['', '/a', 'a']);
});

it('filters by whole levels: edge-1 must not show the messages of edge-10', () => {
  expect(isUnder('ic/edge-1/data', 'ic/edge-1')).toBe(true);
  expect(isUnder('ic/edge-10/data', 'ic/edge-1')).toBe(false);
  expect(isUnder('anything', '')).toBe(true);
});

// Else the messages of a fog with 10,000 nodes stall the page with as many rows.
it('makes one wildcard of more siblings than can be read', () => {
  const topics = Array.from({ length: 50 }, (_, i) => [`ic/esp32-${i}/data`, `ic/esp32-${i}/status`]).flat();
  const [root] = buildTopicTree(['other', ...topics]);
  expect(root).toMatchObject({ level: 'ic', count: 100, children: [{ path: 'ic/+', count: 100 }] });
  expect(root!.children[0]!.children.map(({ path, count }) => [path, count])).toEqual([['ic/+/data', 50], ['ic/+/status', 50]]);
  expect(topics.filter((topic) => isUnder(topic, 'ic/+/data'))).toHaveLength(50);
  expect(isUnder('ic', 'ic/+')).toBe(false);
});
