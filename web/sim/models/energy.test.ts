import { describe, expect, it } from 'vitest';
import { Parameters } from '../parameters.ts';
import { EnergyMeter, idleState, stateCurrentsMa } from './energy.ts';

const HOUR_US = 3_600_000_000;

describe('energy: a wrong sum would promise the wrong battery life', () => {
  it('adds current, voltage and time as done by hand', () => {
    const meter = new EnergyMeter(new Parameters(), 'modemSleep');
    meter.enter('active', HOUR_US);
    meter.enter('deepSleep', HOUR_US + 60e6);
    const now = 2 * HOUR_US;
    // 3.3 V x (31.12 mA x 3600 s + 49 mA x 60 s + 0.005 mA x 3540 s)
    expect(meter.totalJ(now)).toBeCloseTo(369.7056 + 9.702 + 0.05841, 9);
    expect(meter.averageMa(now)).toBeCloseTo((31.12 * 3600 + 49 * 60 + 0.005 * 3540) / 7200, 9);
    expect(meter.batteryDays(now)).toBeCloseTo(2500 / 15.9708 / 24, 3);
  });

  it('replaces the present state by a radio pulse and keeps the time', () => {
    const meter = new EnergyMeter(new Parameters(), 'modemSleep');
    meter.addPulse('transmit', 2000);
    const states = meter.byState(1e6);
    expect(states.map(({ state, seconds }) => [state, seconds])).toEqual([
      ['modemSleep', 0.998],
      ['transmit', 0.002],
    ]);
    expect(meter.totalJ(1e6)).toBeCloseTo(3.3e-3 * (31.12 * 0.998 + 210 * 0.002), 12);
  });

  it('picks idle state, DTIM and clock from the parameters', () => {
    const parameters = new Parameters({ 'energy.idleMode': 2, 'energy.dtim': 1, 'node.edge.cpuMhz': 80 });
    expect(idleState(parameters)).toBe('lightSleep');
    expect(stateCurrentsMa(parameters)).toMatchObject({ lightSleep: 2.33, modemSleep: 28.81, active: 25.5 });
  });

  it('starts its clock when it is made', () => {
    const meter = new EnergyMeter(new Parameters(), 'active', 5e6);
    expect(meter.totalJ(5e6)).toBe(0);
    expect(meter.averageMa(6e6)).toBeCloseTo(49, 9);
  });
});
