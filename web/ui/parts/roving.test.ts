import { expect, it } from 'vitest';
import { rovingIndex } from './roving.ts';

it('wraps at both ends: a keyboard user would be stuck on the last tab', () => {
  expect(rovingIndex('ArrowRight', 2, 3, 'horizontal')).toBe(0);
  expect(rovingIndex('ArrowLeft', 0, 3, 'horizontal')).toBe(2);
  expect(rovingIndex('ArrowUp', -1, 3, 'vertical')).toBe(2);
  expect(rovingIndex('End', 0, 3, 'vertical')).toBe(2);
  expect(rovingIndex('Home', 2, 3, 'vertical')).toBe(0);
});

it('leaves other keys alone: a tab list must not swallow page scrolling or typing', () => {
  expect(rovingIndex('ArrowDown', 0, 3, 'horizontal')).toBeNull();
  expect(rovingIndex('a', 0, 3, 'vertical')).toBeNull();
  expect(rovingIndex('ArrowDown', -1, 0, 'vertical')).toBeNull();
});
