import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { stream } from './random.ts';

function draw(count: number, next: () => number): Float64Array {
  return Float64Array.from({ length: count }, next);
}

/** Hash of the draws' bits, independent of the machine's byte order. */
function hashOf(draws: Float64Array): string {
  const view = new DataView(new ArrayBuffer(draws.length * 8));
  draws.forEach((value, i) => view.setFloat64(i * 8, value));
  return bytesToHex(sha256(new Uint8Array(view.buffer))).slice(0, 16);
}

describe('same seed, same run: a researcher could not repeat an experiment otherwise', () => {
  it('keeps the sequences of earlier versions, bit for bit', () => {
    const s = stream(42, 'pinned');
    expect(hashOf(draw(1000, () => s.uniform()))).toBe('c33b9193c8d67237');
    expect(hashOf(draw(1000, () => s.normal()))).toBe('a260f25d7a8a8e47');
    expect(hashOf(draw(1000, () => s.lognormal(3, 0.5)))).toBe('f83dd213e10e81a4');
  });

  it('gives the same draws for the same seed and name, others for another', () => {
        const sequence = (seed: number, name: string) => {
      const s = stream(seed, name);
      return hashOf(draw(50, () => s.uniform()));
    };
    expect(sequence(1, 'a')).toBe(sequence(1, 'a'));
    expect(sequence(1, 'a')).not.toBe(sequence(2, 'a'));
    expect(sequence(1, 'a')).not.toBe(sequence(1, 'b'));
    expect(sequence(1, '1/x')).not.toBe(sequence(11, '/x'));
  });
});

describe('other engines: one different last bit would give another event log', () => {
  const models = readdirSync('web/sim/models')
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `web/sim/models/${name}`);

  it.each(['web/sim/random.ts', ...models])('%s leaves no result to the engine', (file) => {
    const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const used = [...code.matchAll(/Math\.(\w+)/g)].map(([, name]) => name);
    const exact = ['sqrt', 'floor', 'ceil', 'trunc', 'fround', 'imul', 'abs', 'min', 'max'];
    expect(used.filter((name) => !exact.includes(name!))).toEqual([]);
    expect(code).not.toContain('**');
  });
});

describe('distributions: a biased draw would bias every comparison', () => {
  const count = 200_000;

  it('uniform fills [0, 1) evenly', () => {
    const s = stream(7, 'uniform');
    const bins = new Float64Array(20);
    for (let i = 0; i < count; i++) bins[Math.floor(s.uniform() * 20)]! += 1;
    // A draw outside [0, 1) would have missed every bin.
    expect(bins.reduce((a, b) => a + b)).toBe(count);
    const chiSquared = bins.reduce((sum, n) => sum + (n - count / 20) ** 2 / (count / 20), 0);
    // 99.9 % quantile of chi-squared with 19 degrees of freedom.
    expect(chiSquared).toBeLessThan(43.8);
  });

  it('normal has the right moments and the right share beyond 1, 2, 3 and 3.5 sigma', () => {
    const s = stream(7, 'normal');
    const draws = draw(count, () => s.normal());
    const moment = (power: number) => draws.reduce((sum, x) => sum + x ** power, 0) / count;
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
    // Two-sided tails of the standard normal; the last one lies beyond the Ziggurat's base.
    for (const [bound, share] of [[1, 0.317311], [2, 0.0455], [3, 0.0026998], [3.5, 0.00046526]] as const) {
      const seen = draws.filter((x) => Math.abs(x) > bound).length;
      expect(Math.abs(seen - share * count)).toBeLessThan(4 * Math.sqrt(share * count));
    }
  });

  it('lognormal has the median asked for', () => {
    const s = stream(7, 'lognormal');
    const draws = draw(count, () => s.lognormal(3, 0.8)).sort();
    expect(draws[count / 2]).toBeGreaterThan(2.96);
    expect(draws[count / 2]).toBeLessThan(3.04);
  });

  it('int reaches both ends and nothing else; bernoulli and exponential keep their mean', () => {
    const s = stream(7, 'rest');
    const seen = new Set(draw(1000, () => s.int(-2, 3)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
    let hits = 0;
    for (let i = 0; i < count; i++) if (s.bernoulli(0.1)) hits += 1;
    expect(Math.abs(hits - count * 0.1)).toBeLessThan(4 * Math.sqrt(count * 0.09));
    const mean = draw(count, () => s.exponential(5)).reduce((a, b) => a + b, 0) / count;
    expect(Math.abs(mean - 5)).toBeLessThan((4 * 5) / Math.sqrt(count));
  });
});
