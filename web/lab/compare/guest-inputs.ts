/** What guests are given to be compared: corner cases first, then chance by a seed. */
import { anomalyRules, ConfigKey, configDefaults, limits } from '../../guest/abi.gen.ts';
import { stream, type RandomStream } from '../../sim/random.ts';
import type { CallInput, GuestCall } from '../runtimes/runtime.ts';
import type { LoopScript } from '../runtimes/loop-script.ts';

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;
const { dry, wet, threshold } = configDefaults;

const cornerReadings: readonly number[] = [
  ...[threshold, threshold + 1, threshold - 1, wet, wet - 1, wet + 1, dry, dry - 1, dry + 1],
  ...[anomalyRules.plausibleMin, anomalyRules.plausibleMin - 1, anomalyRules.plausibleMax, anomalyRules.plausibleMax + 1],
  ...[limits.adcMin, limits.adcMax, limits.adcMax + 1, 1, -1, INT_MIN, INT_MIN + 1, INT_MAX, INT_MAX - 1],
];

/** dry, wet, threshold. */
const cornerCalibrations: readonly (readonly [number, number, number])[] = [
  [dry, wet, threshold],
  // No span, the other way round, and as far apart as numbers go: divisions and products at their limits.
  [wet, wet, wet],
  [wet, dry, threshold],
  [INT_MAX, INT_MIN, 0],
  [INT_MIN, INT_MAX, -1],
  [INT_MAX, INT_MAX - 1, INT_MAX],
  [0, -1, INT_MIN],
];

/** Calls of one function in their order. */
export function callInputs(call: GuestCall, count: number, seed: number): CallInput[] {
  const chance = stream(seed, `compare/${call}`);
  const inputs: CallInput[] = [];
  const add = (input: CallInput): void => void (inputs.length < count && inputs.push(input));
  if (call === 'process') {
    for (const calibration of cornerCalibrations) for (const raw of cornerReadings) add([raw, ...calibration]);
    while (inputs.length < count) add([reading(chance), ...calibration(chance)]);
    return inputs;
  }
  for (const raw of cornerReadings) add([raw]);
  // As long as it takes to be found stuck, and to take a new level after spikes.
  for (let i = 0; i < anomalyRules.stuckSamples + 2; i++) add([threshold]);
  let level: number = threshold;
  while (inputs.length < count) {
    if (chance.bernoulli(0.03)) level = reading(chance);
    else if (!chance.bernoulli(0.2)) level = clampToInt(level + Math.round(chance.normal() * 20));
    add([level]);
  }
  return inputs;
}

/** Sensor values of `main`, with faults of the sensor, and configurations that change under it. */
export function loopScript(steps: number, seed: number): LoopScript {
  const chance = stream(seed, 'compare/main');
  const corners = [threshold, threshold + 1, threshold - 1, wet, dry, -1, limits.adcMin, limits.adcMax, -1, threshold + 1];
  const sensor: number[] = corners.slice(0, steps);
  const tables: number[][] = [];
  let table = tableOf(dry, wet, threshold, configDefaults.periodMs, configDefaults.hysteresis);
  let level: number = threshold;
  for (let step = 0; step < steps; step++) {
    if (step >= corners.length) {
      if (chance.bernoulli(0.02)) level = chance.int(limits.adcMin, limits.adcMax);
      level = Math.min(limits.adcMax, Math.max(limits.adcMin, level + Math.round(chance.normal() * 40)));
      sensor.push(chance.bernoulli(0.03) ? -1 : level);
      if (chance.bernoulli(0.05)) table = tableOf(...calibration(chance), chance.int(-1, 5000), chance.int(-50, 300));
    }
    tables.push(table);
  }
  return {
    sensor,
    config: (key, step) => tables[Math.min(step, tables.length - 1)]?.[key] ?? 0,
    // Ours make 11 calls in a step and 15 in one that changes its state; a flood ends here.
    maxCalls: steps * 64 + 64,
  };
}

/** Sensible readings for timing: a walk about the threshold. */
export function usualReadings(count: number, seed: number): Int32Array {
  const chance = stream(seed, 'compare/readings');
  let level: number = threshold;
  return Int32Array.from({ length: count }, () => {
    level = Math.min(dry, Math.max(wet, level + Math.round(chance.normal() * 20)));
    return level;
  });
}

function tableOf(dryAdc: number, wetAdc: number, thresholdAdc: number, periodMs: number, hysteresis: number): number[] {
  const table: number[] = [];
  table[ConfigKey.dry] = dryAdc;
  table[ConfigKey.wet] = wetAdc;
  table[ConfigKey.threshold] = thresholdAdc;
  table[ConfigKey.periodMs] = periodMs;
  table[ConfigKey.hysteresis] = hysteresis;
  return table;
}

function reading(chance: RandomStream): number {
  if (chance.bernoulli(0.7)) return chance.int(limits.adcMin, limits.adcMax);
  return chance.bernoulli(0.5) ? chance.int(INT_MIN, INT_MAX) : cornerReadings[chance.int(0, cornerReadings.length - 1)]!;
}

function calibration(chance: RandomStream): [number, number, number] {
  if (chance.bernoulli(0.2)) return [reading(chance), reading(chance), reading(chance)];
  const low = chance.int(limits.adcMin, limits.adcMax - 2);
  const high = chance.int(low + 2, limits.adcMax);
  return [high, low, chance.int(low, high)];
}

function clampToInt(value: number): number {
  return Math.min(INT_MAX, Math.max(INT_MIN, value));
}
