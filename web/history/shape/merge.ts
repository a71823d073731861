/** Bringing samples of one series into order; of two at the same time the later given counts. */
import { noSamples, type Samples } from './samples.ts';

/** Samples in the order they came, as `Samples` in the order of their times. Gives views where they were in order. */
export function inOrder(timeMs: Float64Array, value: Float32Array): Samples {
  let rising = true;
  for (let i = 1; i < timeMs.length && rising; i += 1) rising = timeMs[i]! > timeMs[i - 1]!;
  if (rising) return { timeMs, value };
  const order = new Uint32Array(timeMs.length).map((_, i) => i).sort((a, b) => timeMs[a]! - timeMs[b]! || a - b);
  const [times, values] = [new Float64Array(order.length), new Float32Array(order.length)];
  let kept = 0;
  for (const index of order) {
    if (kept > 0 && times[kept - 1] === timeMs[index]) kept -= 1;
    times[kept] = timeMs[index]!;
    values[kept] = value[index]!;
    kept += 1;
  }
  return { timeMs: times.slice(0, kept), value: values.slice(0, kept) };
}

export function merge(older: Samples, newer: Samples): Samples {
  if (older.timeMs.length === 0) return newer;
  if (newer.timeMs.length === 0) return older;
  const most = older.timeMs.length + newer.timeMs.length;
  const [timeMs, value] = [new Float64Array(most), new Float32Array(most)];
  let [a, b, kept] = [0, 0, 0];
  while (a < older.timeMs.length || b < newer.timeMs.length) {
    const olderMs = a < older.timeMs.length ? older.timeMs[a]! : Infinity;
    const newerMs = b < newer.timeMs.length ? newer.timeMs[b]! : Infinity;
    if (newerMs <= olderMs) {
      timeMs[kept] = newerMs;
      value[kept++] = newer.value[b++]!;
      if (newerMs === olderMs) a += 1;
    } else {
      timeMs[kept] = olderMs;
      value[kept++] = older.value[a++]!;
    }
  }
  return { timeMs: timeMs.subarray(0, kept), value: value.subarray(0, kept) };
}

/** @param parts one after another in time */
export function concatenate(parts: Samples[]): Samples {
  if (parts.length < 2) return parts[0] ?? noSamples;
  const count = parts.reduce((sum, part) => sum + part.timeMs.length, 0);
  const whole = { timeMs: new Float64Array(count), value: new Float32Array(count) };
  let at = 0;
  for (const part of parts) {
    whole.timeMs.set(part.timeMs, at);
    whole.value.set(part.value, at);
    at += part.timeMs.length;
  }
  return whole;
}
