import { describe, expect, it } from 'vitest';
import { parseWaves } from './wave-text.ts';

describe('waves as they are typed', () => {
  it.each([
    ['1, 10 %', [{ nodes: 1 }, { share: 0.1 }]],
    ['5,50%', [{ nodes: 5 }, { share: 0.5 }]],
    ['2.5 %', [{ share: 0.025 }]],
    [' , ', []],
  ])('%s is read', (text, value) => {
    expect(parseWaves(text)).toEqual({ ok: true, value });
  });

  it.each(['0', '-1', '1.5', '101 %', 'half', '1 2', '1e3', '10 % %'])('%s is refused, or a typing error would reach the fleet', (text) => {
    expect(parseWaves(text)).toEqual({ ok: false, reason: expect.stringContaining('is no size of a wave') });
  });

  it.each(['10, 5', '50 %, 1, 10 %', '3, 3'])('%s is refused since a wave would be empty', (text) => {
    expect(parseWaves(text)).toEqual({ ok: false, reason: expect.stringContaining('more nodes than the one before') });
  });
});
