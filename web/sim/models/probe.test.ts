import { describe, expect, it } from 'vitest';
import { Parameters } from '../parameters.ts';
import { stream } from '../random.ts';
import { adcAt, Probe, SENSOR_MISSING } from './probe.ts';
import { saturationShareAt } from './probe-inverse.ts';
import { siteFor } from './site.ts';

const parameters = new Parameters();
const HOUR_US = 3_600_000_000;

function probe(overrides = {}): Probe {
  return new Probe(new Parameters(overrides), stream(1, 'probe'), 0.46);
}
const quiet = { 'probe.noiseSd': 0, 'probe.wanderSd': 0 };

describe('calibration: a threshold at a senseless water content would drown or parch the crop', () => {
  it('reads the calibration points dry and saturated, and falls all the way between', () => {
    expect(adcAt(parameters, 0)).toBe(2600);
    expect(adcAt(parameters, 1)).toBeCloseTo(1100, 9);
    for (let share = 0; share < 1; share += 0.01) {
      expect(adcAt(parameters, share + 0.01)).toBeLessThan(adcAt(parameters, share));
      expect(saturationShareAt(parameters, adcAt(parameters, share))).toBeCloseTo(share, 9);
    }
  });

  const soils = ['sandyLoam', 'loam', 'siltLoam'] as const;

  it.each(soils)('puts the default threshold below field capacity of %s', (soil) => {
    const waterContent = saturationShareAt(parameters, 1700) * parameters.get(`soil.${soil}.saturation`);
    const capacity = parameters.get(`soil.${soil}.fieldCapacity`);
    const wilting = parameters.get(`soil.${soil}.wiltingPoint`);
    expect(waterContent).toBeLessThan(capacity);
    // Not more than 40 % of the available water is gone when the pump starts.
    expect((capacity - waterContent) / (capacity - wilting)).toBeLessThan(0.4);
  });
});

describe('reading', () => {
  it('is exact without noise, and an integer in range at the ends', () => {
    expect(probe(quiet).read(0, 0.46 * saturationShareAt(parameters, 1700))).toBe(1700);
    expect(probe({ ...quiet, 'probe.wetAdc': 0 }).read(0, 0.46)).toBe(0);
  });

  it('scatters by the sample noise over the root of the sample count', () => {
    const p = probe({ 'probe.wanderSd': 0 });
    const readings = Array.from({ length: 4000 }, (_, i) => p.read(i * 3e6, 0.23));
    const mean = readings.reduce((a, b) => a + b) / readings.length;
    const sd = Math.sqrt(readings.reduce((sum, x) => sum + (x - mean) ** 2, 0) / readings.length);
    // Half a count is lost by rounding the mean down.
    expect(Math.abs(mean - (adcAt(parameters, 0.5) - 0.5))).toBeLessThan(0.5);
    expect(sd).toBeGreaterThan(6);
    expect(sd).toBeLessThan(6.5);
  });

  it('wanders slowly, by its spread in the long run', () => {
    const p = probe({ 'probe.noiseSd': 0 });
    const drifts = Array.from({ length: 4000 }, (_, i) => {
      p.read(i * 12 * HOUR_US, 0.23);
      return p.driftAdc(i * 12 * HOUR_US);
    });
    const sd = Math.sqrt(drifts.reduce((sum, x) => sum + x * x, 0) / drifts.length);
    expect(sd).toBeGreaterThan(7.1);
    expect(sd).toBeLessThan(8.9);
  });
});

describe('faults: a user who injects one must see it, and only it', () => {
  it('spikes at once and now and then', () => {
    const p = probe(quiet);
    p.inject('spike', 0);
    const normal = Math.floor(adcAt(parameters, 0.5) + 0.5);
    const away = Array.from({ length: 1000 }, (_, i) => Math.abs(p.read(i, 0.23) - normal) > 500);
    expect(away[0]).toBe(true);
    const spikes = away.filter(Boolean).length;
    expect(spikes).toBeGreaterThan(60);
    expect(spikes).toBeLessThan(145);
  });

  it('sticks to the last reading while the soil changes, and lets go', () => {
    const p = probe(quiet);
    const before = p.read(0, 0.1);
    p.inject('stuck', 1);
    expect(p.read(2, 0.4)).toBe(before);
    p.inject(null, 3);
    expect(p.read(4, 0.4)).toBeLessThan(before);
    expect(p.fault).toBeNull();
  });

  it('drops out, always or at the chance given, the first time surely', () => {
    const p = probe(quiet);
    p.inject('dropout', 0);
    expect([p.read(1, 0.2), p.read(2, 0.2)]).toEqual([SENSOR_MISSING, SENSOR_MISSING]);
    const rare = probe({ ...quiet, 'probe.fault.dropoutProbability': 0 });
    rare.inject('dropout', 0);
    expect(rare.read(1, 0.2)).toBe(SENSOR_MISSING);
    expect(rare.read(2, 0.2)).toBeGreaterThan(0);
  });

  it('drifts with time from the injection on', () => {
    const p = probe(quiet);
    const before = p.read(HOUR_US, 0.2);
    p.inject('drift', HOUR_US);
    expect(p.read(HOUR_US, 0.2)).toBe(before);
    expect(p.read(3 * HOUR_US, 0.2)).toBe(before + 400);
    p.inject(null, 3 * HOUR_US);
    expect(p.read(3 * HOUR_US, 0.2)).toBe(before);
  });
});

describe('sites', () => {
  const sites = Array.from({ length: 300 }, (_, i) => siteFor(i, 9, parameters));

  it('are the same for the same seed and differ among nodes', () => {
    expect(siteFor(17, 9, parameters)).toEqual(sites[17]);
    expect(siteFor(17, 10, parameters)).not.toEqual(sites[17]);
    expect(new Set(sites.map(({ soil }) => soil.name)).size).toBe(3);
  });

  it('keep wilting point, field capacity and saturation in order, and start on both sides of 1700', () => {
    for (const { soil, initialWaterContent } of sites) {
      expect(soil.wiltingPoint).toBeLessThan(soil.fieldCapacity);
      expect(soil.fieldCapacity).toBeLessThan(soil.saturation);
      expect(initialWaterContent).toBeGreaterThanOrEqual(soil.wiltingPoint);
    }
    const dry = sites.filter(
      ({ soil, initialWaterContent }) => adcAt(parameters, initialWaterContent / soil.saturation) > 1700,
    );
    expect(dry.length).toBeGreaterThan(100);
    expect(dry.length).toBeLessThan(200);
  });
});
