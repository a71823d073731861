import { describe, expect, it } from 'vitest';
import { acos, cos, exp, ln, sin, tan } from './elementary.ts';

/** Evenly spaced arguments, ends included. */
function between(from: number, to: number, count = 4001): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

type Real = (x: number) => number;

function worstRelative(ours: Real, engine: Real, points: number[]): number {
  let worst = 0;
  for (const x of points) {
    const expected = engine(x);
    if (expected === 0) expect(ours(x)).toBeCloseTo(0, 15);
    else worst = Math.max(worst, Math.abs(ours(x) / expected - 1));
  }
  return worst;
}

describe('elementary functions: wrong ones would bend every latency, temperature and noise draw', () => {
  it('exp', () => {
    expect(worstRelative(exp, Math.exp, [...between(-700, 700), ...between(-1, 1)])).toBeLessThan(1e-15);
    expect(exp(0)).toBe(1);
    expect(exp(1000)).toBe(Infinity);
    expect(exp(-1000)).toBe(0);
    expect(exp(NaN)).toBeNaN();
  });

  it('ln, also close to 1 where digits cancel', () => {
    const wide = between(-300, 300, 2001).map((e) => 10 ** e);
    const close = [...between(0.5, 2), ...between(0.999, 1.001)];
    expect(worstRelative(ln, Math.log, [...wide, ...close])).toBeLessThan(1e-15);
    expect(ln(1)).toBe(0);
    expect(ln(0)).toBe(-Infinity);
    expect(ln(-1)).toBeNaN();
  });

  it('sin, cos and tan', () => {
    const angles = [...between(-20, 20), ...between(-1000, 1000)];
    expect(worstRelative(sin, Math.sin, angles)).toBeLessThan(1e-15);
    expect(worstRelative(cos, Math.cos, angles)).toBeLessThan(1e-15);
    expect(worstRelative(tan, Math.tan, between(-1.5, 1.5))).toBeLessThan(1e-15);
  });

  it('acos over its whole range', () => {
    expect(worstRelative(acos, Math.acos, between(-1, 1))).toBeLessThan(1e-15);
    expect(acos(1)).toBe(0);
    expect(acos(1.0001)).toBeNaN();
  });
});
