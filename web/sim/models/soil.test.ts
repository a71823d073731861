import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Soil, type HourlyForcing, type SoilParameters } from './soil.ts';

const HOUR_US = 3_600_000_000;

/** Silt with a tomato's roots: TAW = 1000 (0.32 - 0.15) 0.8 = 136 mm, RAW = 0.4 TAW = 54.4 mm. */
const tomato: SoilParameters = {
  name: 'silt',
  saturation: 0.48,
  fieldCapacity: 0.32,
  wiltingPoint: 0.15,
  rootDepthM: 0.8,
  cropCoefficient: 1.2,
  depletionFraction: 0.4,
  drainageHours: 12,
};
/** A raised bed, small enough that all zones are crossed within hours. */
const bed: SoilParameters = { ...tomato, rootDepthM: 0.05, cropCoefficient: 1, drainageHours: 3 };

function constant(rainMmPerHour: number, et0MmPerHour: number): HourlyForcing {
  return { at: () => ({ rainMmPerHour, et0MmPerHour, temperatureC: 20 }) };
}

function balanceMm(soil: Soil, initialMm: number): number {
  const { rainMm, irrigationMm, evapotranspirationMm, drainageMm, runoffMm } = soil.totals;
  const held = soil.waterContent * soil.parameters.rootDepthM * 1000;
  return initialMm + rainMm + irrigationMm - evapotranspirationMm - drainageMm - runoffMm - held;
}

describe('FAO-56 by hand: a wrong balance would irrigate too early or too late', () => {
  it('stresses the crop as equation 84 says', () => {
    const at = (depletionMm: number) => new Soil(tomato, 0.32 - depletionMm / 800, constant(0, 0));
    expect(at(54.4).stress).toBeCloseTo(1, 12);
    // Ks = (136 - 60) / (136 - 54.4)
    expect(at(60).stress).toBeCloseTo(0.9314, 4);
    expect(at(136).stress).toBeCloseTo(0, 12);
    expect(at(30).depletionMm).toBeCloseTo(30, 9);
  });

  it('takes Kc ET0 a day out of unstressed soil', () => {
    const soil = new Soil(tomato, 0.32, constant(0, 5 / 24));
    soil.advance(24 * HOUR_US, 0);
    expect(soil.depletionMm).toBeCloseTo(6, 9);
    expect(soil.totals.evapotranspirationMm).toBeCloseTo(6, 9);
  });

  it('slows down under stress and never passes the wilting point', () => {
    const soil = new Soil(tomato, 0.32 - 60 / 800, constant(0, 5 / 24));
    soil.advance(24 * HOUR_US, 0);
    // The rest above wilting, 76 mm, decays with 6 / 81.6 a day.
    expect(soil.depletionMm).toBeCloseTo(136 - 76 * Math.exp(-6 / 81.6), 9);
    soil.advance(24 * HOUR_US * 1000, 0);
    expect(soil.waterContent).toBeGreaterThanOrEqual(0.15);
  });

  it('drains the excess over field capacity with its time constant', () => {
    const soil = new Soil(tomato, 0.32 + 40 / 800, constant(0, 0));
    soil.advance(12 * HOUR_US, 0);
    expect(-soil.depletionMm).toBeCloseTo(40 / Math.E, 9);
    expect(soil.totals.drainageMm).toBeCloseTo(40 - 40 / Math.E, 9);
  });

  it('leaves field capacity when a little more comes in than goes out', () => {
    const soil = new Soil(tomato, 0.32, constant(0.5, 0));
    soil.advance(12 * HOUR_US, 0);
    expect(-soil.depletionMm).toBeCloseTo(0.5 * 12 * (1 - 1 / Math.E), 9);
  });

  it('lets run off what saturated soil cannot take', () => {
    const soil = new Soil(bed, bed.saturation, constant(0, 0));
    soil.advance(2 * HOUR_US, 50);
    const drainage = (2 * 8) / 3;
    expect(soil.waterContent).toBeCloseTo(bed.saturation, 12);
    expect(soil.totals.runoffMm).toBeCloseTo(100 - drainage, 9);
  });

  it('changes nothing when asked for a time that has passed', () => {
    const soil = new Soil(bed, 0.3, constant(1, 0));
    soil.advance(HOUR_US, 0);
    const before = soil.waterContent;
    soil.advance(HOUR_US / 2, 100);
    expect(soil.waterContent).toBe(before);
  });
});

/** Rates that cross all zones, a new one each hour. */
const stormy: HourlyForcing = {
  at: (hour) => ({
    rainMmPerHour: hour % 7 === 3 ? 9 : 0,
    et0MmPerHour: hour % 24 > 6 && hour % 24 < 19 ? 1.3 : 0,
    temperatureC: 20,
  }),
};
const hours = 72;
const pumpMmPerHour = (hour: number) => (hour % 11 < 2 ? 12 : 0);

/** Advances hour by hour with extra stops in between. */
function run(stopsUs: number[], initial: number): Soil {
  const soil = new Soil(bed, initial, stormy);
  const stops = [...stopsUs].sort((a, b) => a - b);
  for (let hour = 0; hour < hours; hour++) {
    for (const stop of stops) {
      if (stop > hour * HOUR_US && stop < (hour + 1) * HOUR_US) soil.advance(stop, pumpMmPerHour(hour));
    }
    soil.advance((hour + 1) * HOUR_US, pumpMmPerHour(hour));
  }
  return soil;
}

describe('properties', () => {
  const initial = fc.double({ min: 0.15, max: 0.48, noNaN: true });
  const stops = fc.array(fc.integer({ min: 1, max: hours * HOUR_US }), { maxLength: 200 });

  it('neither makes nor loses water', () => {
    fc.assert(
      fc.property(initial, stops, (start, at) => {
        expect(Math.abs(balanceMm(run(at, start), start * 50))).toBeLessThan(1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same soil however often it was looked at', () => {
    fc.assert(
      fc.property(initial, stops, (start, at) => {
        const once = run([], start);
        const often = run(at, start);
        expect(often.waterContent).toBeCloseTo(once.waterContent, 12);
        for (const [name, mm] of Object.entries(once.totals)) {
          expect(often.totals[name as keyof typeof once.totals]).toBeCloseTo(mm, 9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('agrees with a plain integration in small steps', () => {
    const soil = run([], 0.2);
    const steps = 20_000;
    const [wilting, capacity, saturation] = [7.5, 16, 24];
    const stressed = capacity - 0.4 * (capacity - wilting);
    let water = 10;
    for (let i = 0; i < hours * steps; i++) {
      const hour = Math.floor(i / steps);
      const { rainMmPerHour, et0MmPerHour } = stormy.at(hour);
      const ks = Math.min(1, (water - wilting) / (stressed - wilting));
      const drainage = Math.max(0, water - capacity) / 3;
      water += (rainMmPerHour + pumpMmPerHour(hour) - ks * et0MmPerHour - drainage) / steps;
      water = Math.min(water, saturation);
    }
    expect(soil.waterContent * 50).toBeCloseTo(water, 3);
  });

  it('still balances after a month of a reading every three seconds', () => {
    const soil = new Soil(bed, 0.3, stormy);
    for (let us = 0; us < 30 * 24 * HOUR_US; us += 3_000_000) {
      soil.advance(us, us % 21_000_000 < 3_000_000 ? 24 : 0);
    }
    expect(Math.abs(balanceMm(soil, 15))).toBeLessThan(1e-9);
  });
});
