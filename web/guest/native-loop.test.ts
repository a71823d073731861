/** The edge loop in C, in Rust and natively makes the same host calls: one node, whatever runs it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builtModule, builtNames, instantiate, type BuiltName } from '../../tests/guests/built.ts';
import { configDefaults, ConfigKey, limits } from './abi.gen.ts';
import { createNativeLoop } from './native-loop.ts';
import { createNativeStream } from './native.ts';
import { GuestFaultError } from './types.ts';
import type { HostCalls, Pause } from './types.ts';

interface Cycle {
  raw: number;
  config: readonly number[];
  refuse: boolean;
}
type Call = [name: string, ...values: (number | string)[]];

const defaults: readonly number[] = Object.values(configDefaults);

/** A host that answers from a script and records every call. */
function scriptedHost(cycles: readonly Cycle[]) {
  const trace: Call[] = [];
  let index = -1;
  const cycle = () => cycles[index] ?? { raw: -1, config: defaults, refuse: false };
  const calls: HostCalls = {
    setOutput: (pin, level) => void trace.push(['set_output', pin, level]),
    log: (text) => void trace.push(['wasm_log', text]),
    logInt: (value) => void trace.push(['log_int', value]),
    publish: (topic, payload) => {
      trace.push(['mqtt_publish', topic, payload]);
      return cycle().refuse ? -1 : 0;
    },
    config: (key) => {
      trace.push(['get_config', key]);
      return cycle().config[key] ?? 0;
    },
    paused: (pause) => {
      host.pause = pause;
    },
  };
  const host = {
    trace,
    pause: { kind: 'returned' } as Pause,
    calls,
    readSensor(kind: number): number {
      trace.push(['read_sensor', kind]);
      index += 1;
      return cycle().raw;
    },
    /** True when the script has run out. */
    delay(ms: number): boolean {
      trace.push(['delay_ms', ms]);
      return index === cycles.length - 1;
    },
  };
  return host;
}

class ScriptEnd extends Error {}

/** Runs a module's own `main` in one go; the script's end unwinds it. */
function traceOfWasm(name: BuiltName, cycles: readonly Cycle[]): Call[] {
  const host = scriptedHost(cycles);
  const text = (pointer: number) => {
    const bytes = new Uint8Array(guest.memory.buffer);
    const string = bytes.subarray(pointer, bytes.indexOf(0, pointer));
    return new TextDecoder('utf-8', { fatal: true }).decode(string);
  };
  const guest = instantiate(builtModule(name), {
    read_sensor: (kind = 0) => host.readSensor(kind),
    set_output: (pin = 0, level = 0) => host.calls.setOutput(pin, level),
    delay_ms: (ms = 0) => {
      if (host.delay(ms)) throw new ScriptEnd();
    },
    wasm_log: (pointer = 0) => host.calls.log(text(pointer)),
    log_int: (value = 0) => host.calls.logInt(value),
    mqtt_publish: (topic = 0, payload = 0) => host.calls.publish(text(topic), text(payload)),
    get_config: (key = 0) => host.calls.config(key),
  });
  expect(() => guest.main()).toThrow(ScriptEnd);
  return host.trace;
}

async function traceOfNative(cycles: readonly Cycle[], stream = createNativeStream()): Promise<Call[]> {
  const host = scriptedHost(cycles);
  const loop = createNativeLoop(host.calls, stream);
  await loop.start();
  for (;;) {
    const { pause } = host;
    if (pause.kind === 'sensor') await loop.resume(host.readSensor(pause.sensor));
    else if (pause.kind !== 'delay') throw new Error(`The loop ended: ${pause.kind}.`);
    else if (host.delay(pause.ms)) return host.trace;
    else await loop.resume(0);
  }
}

const reading = (raw: number, config = defaults): Cycle => ({ raw, config, refuse: false });
const withHysteresis = (counts: number) => defaults.with(ConfigKey.hysteresis, counts);
const called = (trace: Call[], name: string) => trace.filter((call) => call[0] === name);

const anyI32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const raw = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1500, max: 1900 }) },
  { weight: 2, arbitrary: fc.constant(-1) },
  { weight: 1, arbitrary: anyI32 },
);
const config = fc.oneof(
  { weight: 3, arbitrary: fc.constant(defaults) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.integer({ min: 1600, max: 1800 }),
        fc.integer({ min: -50, max: 5000 }),
        fc.integer({ min: -9, max: 99 }),
      )
      .map(([threshold, periodMs, hysteresis]) => [2600, 1100, threshold, periodMs, hysteresis]),
  },
  { weight: 1, arbitrary: fc.array(anyI32, { minLength: 5, maxLength: 5 }) },
);
const cycle = fc.record({ raw, config, refuse: fc.boolean() });

test('C, Rust and native make the same calls on any script, else real nodes and twins part', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(cycle, { minLength: 1, maxLength: 25 }), async (cycles) => {
      const native = await traceOfNative(cycles);
      for (const name of builtNames) expect(traceOfWasm(name, cycles), name).toEqual(native);
    }),
    { numRuns: 300 },
  );
});

test('a wasm module judges inside the native loop, as in a browser that cannot suspend wasm', async () => {
  const cycles = [1830, 1650, -1, 1701].map((value) => reading(value));
  let judged = 0;
  const { process } = instantiate(builtModule('irrigation-c'));
  const stream = { ...createNativeStream(), process: (...readings: Parameters<typeof process>) => {
    judged += 1;
    return process(...readings);
  } };
  expect(await traceOfNative(cycles, stream)).toEqual(traceOfWasm('irrigation-c', cycles));
  expect(judged).toBe(3);
});

test('telemetry reads as boards in the field write it, else their scripts break', async () => {
  const trace = await traceOfNative([reading(1830), reading(1500)]);
  expect(called(trace, 'mqtt_publish')).toEqual([
    ['mqtt_publish', 'ic/esp32/data', '{"raw":1830,"pct":52,"irrigar":1,"seq":0}'],
    ['mqtt_publish', 'ic/esp32/status', 'irrigating'],
    ['mqtt_publish', 'ic/esp32/data', '{"raw":1500,"pct":74,"irrigar":0,"seq":1}'],
    ['mqtt_publish', 'ic/esp32/status', 'moist enough'],
  ]);
});

test('hysteresis holds the pump on down to its band, else it chatters around the threshold', async () => {
  const levels = [1700, 1701, 1650, 1601, 1600, 1650];
  const trace = await traceOfNative(levels.map((level) => reading(level, withHysteresis(100))));
  const pump = called(trace, 'set_output').filter(([, pin]) => pin === 23);
  expect(pump.map(([, , level]) => level)).toEqual([0, 1, 1, 1, 0, 0]);
});

test('a missing sensor stops the pump, darkens both verdict LEDs and is reported once', async () => {
  const trace = await traceOfNative([reading(1830), reading(-1), reading(-1)]);
  expect(called(trace, 'set_output').slice(4)).toEqual([
    ...[[23, 0], [18, 0], [19, 0], [21, 0]].map((call) => ['set_output', ...call]),
    ...[[23, 0], [18, 0], [19, 0], [21, 1]].map((call) => ['set_output', ...call]),
  ]);
  expect(called(trace, 'wasm_log').filter(([, text]) => text === 'sensor missing')).toHaveLength(1);
  expect(called(trace, 'mqtt_publish').filter(([, , text]) => text === 'sensor missing')).toHaveLength(1);
});

test('a period too short is stretched, else a bad configuration makes the node spin', async () => {
  const trace = await traceOfNative([reading(1500, defaults.with(ConfigKey.periodMs, 0))]);
  expect(trace.at(-1)).toEqual(['delay_ms', limits.minPeriodMs]);
});

test('a fault of the judging module ends the loop with its reason, else the node just hangs', async () => {
  const fault = { kind: 'trap', reason: 'The guest executed an unreachable instruction.' } as const;
  const stream = { ...createNativeStream(), process: () => {
    throw new GuestFaultError(fault);
  } };
  const host = scriptedHost([]);
  const loop = createNativeLoop(host.calls, stream);
  await loop.start();
  await loop.resume(1500);
  expect(host.pause).toEqual({ kind: 'fault', fault });
});
