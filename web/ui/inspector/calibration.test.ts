import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkNodeConfig } from '../../protocol/node-config.ts';
import { checkCalibration, type CalibrationTexts } from './calibration.ts';
import { moisturePercent } from './moisture-percent.ts';

const good = { dry: '2600', wet: '1100', threshold: '1700', periodMs: '3000', hysteresis: '0' };

describe('checkCalibration', () => {
  it('takes the default calibration', () => {
    expect(checkCalibration(good)).toEqual({
      ok: true,
      values: { dry: 2600, wet: 1100, threshold: 1700, periodMs: 3000, hysteresis: 0 },
    });
  });

  it.each([
    [{ wet: '2600' }, 'wet', /below dry/],
    [{ threshold: '1100' }, 'threshold', /above wet/],
    [{ threshold: '2600' }, 'threshold', /below dry/],
    [{ dry: '4096' }, 'dry', /0 to 4095/],
    [{ wet: '-1' }, 'wet', /0 to 4095/],
    [{ dry: '' }, 'dry', /whole number/],
    [{ threshold: '1700.5' }, 'threshold', /whole number/],
    [{ dry: '1e3' }, 'dry', /whole number/],
    [{ periodMs: '99' }, 'periodMs', /100 to/],
    [{ hysteresis: 'x' }, 'hysteresis', /whole number/],
  ])('refuses %o in words: the node would refuse it only after a round trip', (change, field, sentence) => {
    const check = checkCalibration({ ...good, ...change });
    expect(check).toMatchObject({ ok: false, field });
    if (!check.ok) expect(check.sentence).toMatch(sentence);
  });

  it('lets through exactly what a node accepts: a person would be refused later, or for nothing', () => {
    const count = fc.integer({ min: -10, max: 4200 });
    const period = fc.integer({ min: 0, max: 90_000_000 });
    fc.assert(
      fc.property(count, count, count, period, count, (dry, wet, threshold, periodMs, hysteresis) => {
        const config = { dry, wet, threshold, periodMs, hysteresis };
        const texts = Object.fromEntries(Object.entries(config).map(([field, value]) => [field, String(value)]));
        expect(checkCalibration(texts as CalibrationTexts).ok).toBe(checkNodeConfig(config) === null);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe('moisturePercent', () => {
  it('agrees with the guest to the percent: page and telemetry would differ', () => {
    expect(moisturePercent(1830, { dry: 2600, wet: 1100 })).toBe(52);
    expect(moisturePercent(2600, { dry: 2600, wet: 1100 })).toBe(0);
    expect(moisturePercent(900, { dry: 2600, wet: 1100 })).toBe(100);
    expect(moisturePercent(NaN, { dry: 2600, wet: 1100 })).toBeNaN();
  });
});
