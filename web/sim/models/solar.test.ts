import { describe, expect, it } from 'vitest';
import { hargreavesEt0Mm, sinElevation, solarDay } from './solar.ts';

describe('sun and reference evapotranspiration: plants would drink the wrong amount otherwise', () => {
  it('reproduces FAO-56 example 8: 3 September at 20 degrees south', () => {
    const day = solarDay(-20, 246);
    expect(day.declination).toBeCloseTo(0.12, 2);
    expect(day.sunsetAngle).toBeCloseTo(1.527, 3);
    expect(day.extraterrestrialMj).toBeCloseTo(32.2, 1);
  });

  it('puts sunrise where the sun crosses the horizon', () => {
    const day = solarDay(47.6, 172);
    expect(sinElevation(day, day.sunriseHour)).toBeCloseTo(0, 12);
    expect(sinElevation(day, 12)).toBeGreaterThan(sinElevation(day, 11));
    // Daylight in Seattle at the solstice lasts 15.8 hours when refraction is left out.
    expect(2 * (12 - day.sunriseHour)).toBeCloseTo(15.8, 1);
  });

  it('has no sunset angle beyond polar night and midnight sun', () => {
    expect(solarDay(80, 355).extraterrestrialMj).toBe(0);
    expect(solarDay(80, 172).sunsetAngle).toBeCloseTo(Math.PI, 12);
  });

  it('agrees with Hargreaves by hand, for a July day of 14.8 to 26.6 degrees and 40.55 MJ', () => {
    // 0.0023 x (20.7 + 17.8) x sqrt(11.8) x 0.408 x 40.55
    expect(hargreavesEt0Mm(14.8, 26.6, 40.55)).toBeCloseTo(5.0325, 3);
    expect(hargreavesEt0Mm(-30, -25, 10)).toBe(0);
  });
});
