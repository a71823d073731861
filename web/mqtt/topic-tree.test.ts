import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesFilter } from '../protocol/topics.ts';
import { TopicTree } from './topic-tree.ts';

const level = fc.constantFrom('', 'a', 'b', '$x');
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 4 }), fc.boolean())
  .map(([levels, all]) => [...levels, ...(all ? ['#'] : [])].join('/'));
const operation = fc.record({
  remove: fc.boolean(),
  filter,
  key: fc.integer({ min: 0, max: 2 }),
});

describe('TopicTree', () => {
  it('finds what a search of every filter finds, whatever was set and deleted before', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), fc.array(topic), (operations, topics) => {
        const tree = new TopicTree<number, string>();
        const model = new Map<string, [key: number, filter: string]>();
        for (const { remove, filter, key } of operations) {
          const id = `${key} ${filter}`;
          if (remove) {
            expect(tree.delete(filter, key)).toBe(model.delete(id));
          } else {
            tree.set(filter, key, filter);
            model.set(id, [key, filter]);
          }
        }
        expect(tree.size).toBe(model.size);
        for (const topic of topics) {
          const found: string[] = [];
          tree.match(topic, (key, value) => found.push(`${key} ${value}`));
          const expected = [...model].filter(([, [, filter]]) => matchesFilter(filter, topic));
          expect(found.sort()).toEqual(expected.map(([id]) => id).sort());
        }
      }),
      { numRuns: 500 },
    );
  });

  it('replaces the value that a key has at a filter', () => {
    const tree = new TopicTree<string, number>();
    tree.set('a/+', 'k', 1);
    tree.set('a/+', 'k', 2);
    const found: unknown[] = [];
    tree.match('a/b', (key, value) => found.push([key, value]));
    expect(found).toEqual([['k', 2]]);
    expect(tree.size).toBe(1);
  });
});
