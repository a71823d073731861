/** The guest's edge loop without wasm: the same host calls, in the same order, with the same arguments. */
import { ConfigKey, limits, Pin, Sensor, topicPrefix, Verdict } from './abi.gen.ts';
import { createNativeStream } from './native.ts';
import { GuestFaultError } from './types.ts';
import type { HostCalls, LoopGuest, Pause, StreamGuest } from './types.ts';

const words = { missing: 'sensor missing', moist: 'moist enough', irrigating: 'irrigating' } as const;
type Condition = keyof typeof words;

type Judge = StreamGuest['process'];

/** The loop itself; it yields where `main` blocks, and is resumed with the value of the sensor. */
function* edgeLoop(host: HostCalls, judge: Judge): Generator<Pause, never, number> {
  let condition: Condition | 'unknown' = 'unknown';
  let heartbeat = 0;
  let sequence = 0;
  let refused = 0;

  const publish = (topic: string, payload: string) => {
    if (host.publish(topicPrefix + topic, payload) >= 0) return;
    refused = (refused + 1) | 0;
    host.log('publish refused, so far:');
    host.logInt(refused);
  };

  host.log('irrigation guest started');
  for (;;) {
    const raw = (yield { kind: 'sensor', sensor: Sensor.soilMoisture }) | 0;
    const dry = host.config(ConfigKey.dry) | 0;
    const wet = host.config(ConfigKey.wet) | 0;
    const threshold = host.config(ConfigKey.threshold) | 0;
    const periodMs = host.config(ConfigKey.periodMs) | 0;
    const hysteresis = host.config(ConfigKey.hysteresis) | 0;

    let next: Condition = 'missing';
    let verdict = 0;
    if (raw >= 0) {
      verdict = judge(raw, dry, wet, threshold);
      const heldOn: boolean = condition === 'irrigating' && raw > threshold - hysteresis;
      next = (verdict & Verdict.irrigateBit) !== 0 || heldOn ? 'irrigating' : 'moist';
    }
    const irrigating = next === 'irrigating' ? 1 : 0;

    heartbeat ^= 1;
    host.setOutput(Pin.pump, irrigating);
    host.setOutput(Pin.red, irrigating);
    // Without a verdict both the red and the green LED stay dark.
    host.setOutput(Pin.green, next === 'moist' ? 1 : 0);
    host.setOutput(Pin.blue, heartbeat);
    if (raw >= 0) {
      const percent = verdict & Verdict.percentMask;
      publish('data', `{"raw":${raw},"pct":${percent},"irrigar":${irrigating},"seq":${sequence}}`);
      sequence = (sequence + 1) >>> 0;
    }
    if (next !== condition) {
      condition = next;
      host.log(words[condition]);
      host.logInt(raw);
      publish('status', words[condition]);
    }
    yield { kind: 'delay', ms: Math.max(periodMs, limits.minPeriodMs) };
  }
}

/**
 * The edge loop over `host`. With a wasm module as `stream` its `process` gives the verdicts, for
 * browsers that cannot suspend wasm; `retired()` then counts the instructions of that call alone.
 */
export function createNativeLoop(host: HostCalls, stream: StreamGuest = createNativeStream()): LoopGuest {
  let retired = 0;
  const judge: Judge = (raw, dry, wet, threshold) => {
    try {
      return stream.process(raw, dry, wet, threshold);
    } finally {
      retired = stream.retired();
    }
  };
  const loop = edgeLoop(host, judge);
  const advance = (value: number): void => host.paused(next(value));
  const next = (value: number): Pause => {
    retired = 0;
    try {
      const { done, value: pause } = loop.next(value);
      return done === true ? { kind: 'returned' } : pause;
    } catch (error) {
      if (error instanceof GuestFaultError) return { kind: 'fault', fault: error.fault };
      throw error;
    }
  };
  return {
    // The first value of a generator goes nowhere.
    start: () => advance(0),
    resume: advance,
    retired: () => retired,
    stop: () => {
      loop.return(undefined as never);
      stream.stop();
    },
    memory: () => stream.memory(),
  };
}
