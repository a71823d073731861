/** Rising times in whole milliseconds, as what their steps differ from the usual step. */
import type { ByteSink } from './byte-sink.ts';
import type { ByteSource } from './byte-source.ts';

/** Enough to find the usual step among late and lost readings. */
const LOOKED_AT = 15;

export function writeTimes(times: Float64Array, sink: ByteSink): void {
  sink.float64(times[0]!);
  const usual = usualStep(times);
  sink.varint(usual);
  for (let i = 1; i < times.length; i += 1) sink.zigzag(times[i]! - times[i - 1]! - usual);
}

export function readTimes(count: number, source: ByteSource): Float64Array {
  const times = new Float64Array(count);
  let time = source.float64();
  const usual = source.varint();
  times[0] = time;
  for (let i = 1; i < count; i += 1) {
    time += usual + source.zigzag();
    times[i] = time;
  }
  return times;
}

function usualStep(times: Float64Array): number {
  const steps = times.length - 1;
  if (steps === 0) return 0;
  const some: number[] = [];
  for (let k = 0; k < Math.min(LOOKED_AT, steps); k += 1) {
    const at = 1 + Math.floor((k * steps) / LOOKED_AT);
    some.push(times[Math.min(at, steps)]! - times[Math.min(at, steps) - 1]!);
  }
  return some.sort((a, b) => a - b)[some.length >> 1]!;
}
