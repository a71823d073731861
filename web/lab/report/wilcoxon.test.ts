import { describe, expect, it } from 'vitest';
import { smallestWilcoxonP, wilcoxonP } from './wilcoxon.ts';

describe("Wilcoxon's signed-rank test", () => {
  it('gives the p-value of the depression scores in Hollander and Wolfe, Nonparametric Statistical Methods, example 3.1', () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    // One-sided 0.0195 in the book; scipy 1.17.1, stats.wilcoxon(method='exact'): 0.0390625.
    expect(wilcoxonP(before.map((value, at) => value - after[at]!))).toBeCloseTo(0.0390625, 12);
  });

  it('is exact with ties and zeros, where tables and most programs are not', () => {
    // Bortz, Lienert, Boehnke's example; R's exactRankTests gives V = 13, p = 0.1367.
    const first = [9, 14, 8, 11, 14, 10, 8, 14, 12, 14, 13, 9, 15, 12, 9];
    const second = [13, 15, 9, 12, 16, 10, 8, 13, 12, 16, 9, 10, 16, 12, 9];
    expect(wilcoxonP(first.map((value, at) => value - second[at]!))).toBeCloseTo(0.13671875, 12);
  });

  it('goes over to the normal distribution with corrections for many pairs', () => {
    // scipy 1.17.1, stats.wilcoxon(correction=True, method='asymptotic').
    expect(wilcoxonP(Array.from({ length: 60 }, (_, i) => ((i * 37) % 61) - 20))).toBeCloseTo(0.0002103033927286199, 8);
  });

  it('knows what so many pairs can show at best', () => {
    expect(wilcoxonP([1, 2, 3, 4, 5])).toBe(smallestWilcoxonP(5));
    expect(wilcoxonP([0, 0])).toBe(1);
  });
});
