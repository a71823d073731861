import { describe, expect, it } from 'vitest';
import { isParameterId, parameter, parameterGroups, Parameters, type Parameter } from './parameters.ts';

const all = Object.values(parameterGroups).flatMap((group) => Object.entries<Parameter>(group));

describe('parameters: a number without a source is worth nothing in a paper', () => {
  it.each(all)('%s is labelled, in range and sourced', (_id, { label, value, unit, min, max, source }) => {
    expect(label).not.toBe('');
    expect(typeof unit).toBe('string');
    expect(value).toBeGreaterThanOrEqual(min);
    expect(value).toBeLessThanOrEqual(max);
    expect(source.length).toBeGreaterThan(15);
    expect(source).not.toMatch(/draft|todo|tbd/i);
  });

  it('has every id once', () => {
    expect(new Set(all.map(([id]) => id)).size).toBe(all.length);
    expect(isParameterId('energy.txMa')).toBe(true);
    expect(isParameterId('toString')).toBe(false);
  });

  it('clamps overrides to their range and leaves the rest alone', () => {
    const parameters = new Parameters({ 'energy.txMa': 9999, 'link.wifi.lossProbability': -1 });
    expect(parameters.get('energy.txMa')).toBe(parameter('energy.txMa').max);
    expect(parameters.get('link.wifi.lossProbability')).toBe(0);
    expect(parameters.get('energy.rxMa')).toBe(97.5);
  });
});

describe('derived numbers: text and value must not part', () => {
  const p = new Parameters();
  const coremark = 744_000;

  it('follows from the published scores', () => {
    const wasm3Ns = 1e9 / (8.778 * coremark);
    const fastNs = p.get('cost.esp32.fast.nsPerInstruction');
    expect(fastNs).toBeCloseTo(wasm3Ns * Math.cbrt(1.06 * 1.11 * 1.15), 0);
    const slower = p.get('cost.esp32.classic.nsPerInstruction') / fastNs;
    expect(slower).toBeCloseTo(Math.cbrt(1.65 * 2.03 * 1.34), 2);
    const aotNs = p.get('cost.esp32.aot.nsPerInstruction');
    expect(aotNs).toBeCloseTo(wasm3Ns / Math.cbrt(30.17 * 19.13 * 21.12), 1);
    expect(p.get('cost.esp32.native.nsPerInstruction')).toBeCloseTo(1e9 / (494.6 * coremark), 1);
    expect(p.get('cost.pi4.native.nsPerInstruction')).toBeCloseTo(1e9 / ((33073 / 4) * coremark), 3);
    expect(p.get('cost.server.wasmtime.nsPerInstruction')).toBeCloseTo(1e9 / (10013.52 * coremark), 3);
    expect(p.get('cost.server.native.nsPerInstruction')).toBeCloseTo(1e9 / (19144.86 * coremark), 4);
    expect(p.get('cost.pi4.wasmtime.nsPerInstruction')).toBeCloseTo(0.163 / (10013.52 / 19144.86), 2);
  });

  it('has jitter, latency and pump rate as their sources give them', () => {
    expect(p.get('link.wifi.latencyMedianMs')).toBeCloseTo(16.231 / 2, 1);
    expect(p.get('link.wifi.latencySigma')).toBeCloseTo(Math.log(42.5778 / 16.231) / 1.2816, 1);
    expect(p.get('soil.irrigationMmPerHour')).toBeCloseTo(((231.1 * 0.6) / 144) * 25.4, 1);
  });

  it('keeps guests on the edge within the heap', () => {
    expect(p.get('node.edge.memoryCeilingPages') * 65536).toBeLessThan(p.get('node.edge.heapBytes'));
  });
});
