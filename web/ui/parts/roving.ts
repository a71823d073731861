/**
 * Which of `count` items arrow keys lead to, wrapping at both ends; null for a key that moves nothing.
 * Keys as in the ARIA Authoring Practices for tab lists (horizontal) and menus (vertical).
 */
export function rovingIndex(
  key: string,
  index: number,
  count: number,
  axis: 'horizontal' | 'vertical',
): number | null {
  if (count === 0) return null;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (key === (axis === 'horizontal' ? 'ArrowRight' : 'ArrowDown')) return (index + 1) % count;
  if (key === (axis === 'horizontal' ? 'ArrowLeft' : 'ArrowUp')) return (Math.max(index, 0) - 1 + count) % count;
  return null;
}
