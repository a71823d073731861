import { describe, expect, test } from 'vitest';
import { Arena } from './arena.ts';

const PAGE = 65_536;

describe('Arena', () => {
  test('windows never overlap, and a reused one is zeroed, else a guest would read its neighbour', () => {
    const arena = new Arena();
    const windows = [1, 2, 1, 3, 1].map((pages) => ({ base: arena.allocate(pages), pages }));
    const pages = windows.flatMap(({ base, pages: count }) =>
      Array.from({ length: count }, (_, page) => base / PAGE + page),
    );
    expect(new Set(pages).size).toBe(8);
    arena.bytes.fill(7, windows[1].base, windows[1].base + 2 * PAGE);
    arena.free(windows[1].base, 2);
    const again = arena.allocate(2);
    expect(again).toBe(windows[1].base);
    expect(arena.bytes.subarray(again, again + 2 * PAGE).every((byte) => byte === 0)).toBe(true);
  });

  test('the view is whole after the memory has grown', () => {
    const arena = new Arena();
    for (let count = 0; count < 200; count += 1) {
      const base = arena.allocate(1);
      arena.bytes[base + PAGE - 1] = 1;
      expect(arena.bytes[base + PAGE - 1]).toBe(1);
    }
  });
});
