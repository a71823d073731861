/** The guest's per-value logic without wasm, equal to it in every bit of every result. */
import { Anomaly, anomalyRules, filterRules, Verdict } from './abi.gen.ts';
import type { StreamGuest } from './types.ts';

const alpha = Math.fround(filterRules.alpha);

/**
 * Verdict of the edge guest on one reading: see `guestExports.process`.
 * Doubles are exact here: the differences of two i32 span 33 bits and times 100 at most 40, far
 * from 53. The rounded quotient truncates to the true one, because a true quotient below an integer q is
 * smaller than q by at least 1 part in 2^40, and rounding moves it by less than 1 part in 2^52.
 */
export function process(raw: number, dry: number, wet: number, threshold: number): number {
  const span = dry - wet;
  const percent = span === 0 ? 0 : Math.min(100, Math.max(0, 100 - Math.trunc(((raw - wet) * 100) / span)));
  return percent | (raw > threshold ? Verdict.irrigateBit : 0);
}

function createFilter(): (raw: number) => number {
  let ema: number | null = null;
  return (raw) => {
    const sample = Math.fround(raw);
    // One rounding to single precision for each operation, as wasm's f32 instructions do.
    ema = ema === null ? sample : Math.fround(ema + Math.fround(Math.fround(sample - ema) * alpha));
    return ema;
  };
}

function createDetector(): (raw: number) => number {
  const { plausibleMin, plausibleMax, spikeDelta, spikesToAccept, stuckSamples } = anomalyRules;
  let level: number | null = null;
  let spikes = 0;
  let previous = 0;
  let identical = 0;
  return (raw) => {
    if (raw < plausibleMin || raw > plausibleMax) return Anomaly.outOfRange;
    identical = level !== null && raw === previous ? Math.min(identical + 1, stuckSamples) : 1;
    previous = raw;
    if (level !== null && Math.abs(raw - level) > spikeDelta) {
      spikes += 1;
      if (spikes >= spikesToAccept) {
        spikes = 0;
        level = raw;
      }
      return Anomaly.spike;
    }
    spikes = 0;
    level = raw;
    return identical >= stuckSamples ? Anomaly.stuck : Anomaly.none;
  };
}

/** A fresh native stream guest. It never faults, retires no instructions and has no memory of its own. */
export function createNativeStream(): StreamGuest {
  const filter = createFilter();
  const detect = createDetector();
  return {
    exports: { process: true, filterValue: true, detectAnomaly: true },
    // `| 0` as at the border of a wasm module, where every argument becomes an i32.
    process: (raw, dry, wet, threshold) => process(raw | 0, dry | 0, wet | 0, threshold | 0),
    filterValue: (raw) => filter(raw | 0),
    detectAnomaly: (raw) => detect(raw | 0),
    retired: () => 0,
    stop: () => {},
    memory: () => ({ declaredBytes: 0, usedBytes: 0 }),
  };
}
