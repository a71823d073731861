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
