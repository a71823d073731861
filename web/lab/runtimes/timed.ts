/** Guests whose calls are timed in batches: nothing waits between two calls of one batch. */
import { ConfigKey, configDefaults } from '../../guest/abi.gen.ts';
import type { CheckedGuest } from '../../guest/check.ts';
import { guestCalls, type GuestCall } from './runtime.ts';

/** `line`: one line of a WASI build, all three functions called, its text read and written. */
export type TimedQuantity = GuestCall | 'step' | 'host-call' | 'line';

/** Readings that the calls are given in turn. */
export type Readings = Int32Array;
/** A power of two: the place in them is taken by a mask. */
export const READINGS = 256;

export interface TimedModule {
  readonly quantities: readonly TimedQuantity[];
  /** Does it `count` times and tells the milliseconds. Throws what the guest throws. */
  run(quantity: TimedQuantity, count: number): number | Promise<number>;
  stop(): void;
}

export interface TimedRuntime {
  /** The module made ready to be timed, or a sentence why it cannot be. */
  timed(name: string, bytes: Uint8Array, readings: Readings): Promise<TimedModule | string>;
  /** A call of the host alone, by a module made for that; a sentence where there is no such thing. */
  timedHostCall(): Promise<TimedModule | string>;
}

/** What is timed of an instance: its functions without any check around them. */
export interface BareInstance {
  function(name: string): (...values: number[]) => number;
  /** Called before each batch, and where a slice of `main` begins. */
  refuel(): void;
}

export type OpenBare = (imports: WebAssembly.ModuleImports) => BareInstance;

/** Thrown out of `main` when its steps are done. */
class Enough extends Error {}

/** Results go here, so that no engine finds the calls to be without effect. */
let sink = 0;

export function timedInstance(checked: CheckedGuest, open: OpenBare, readings: Readings, stop: () => void): TimedModule {
  const has = { process: checked.process, filter_value: checked.filterValue, detect_anomaly: checked.detectAnomaly };
  const calls = guestCalls.filter((call) => has[call]);
  const { entry } = checked;
  const stream = open(quietHost(() => -1));
  return {
    quantities: entry ? [...calls, 'step'] : calls,
    run(quantity, count) {
      if (quantity === 'step') return entry ? timeSteps(open, entry, readings, count) : NaN;
      stream.refuel();
      const exported = stream.function(quantity);
      return quantity === 'process' ? timeProcess(exported, readings, count) : timeCalls(exported, readings, count);
    },
    stop,
  };
}

/** @param instance of `hostCallModule` */
export function timedProbe(instance: BareInstance, stop: () => void): TimedModule {
  const [calls, empty] = [instance.function('calls'), instance.function('empty')];
  const time = (call: (count: number) => number, count: number): number => {
    instance.refuel();
    const from = performance.now();
    sink = call(count);
    return performance.now() - from;
  };
  return { quantities: ['host-call'], run: (_quantity, count) => time(calls, count) - time(empty, count), stop };
}

export function timeProcess(call: (...values: number[]) => number, readings: Readings, count: number): number {
  const { dry, wet, threshold } = configDefaults;
  let sum = 0;
  const from = performance.now();
  for (let at = 0; at < count; at++) sum += call(readings[at & (READINGS - 1)]!, dry, wet, threshold);
  const ms = performance.now() - from;
  sink = sum;
  return ms;
}

export function timeCalls(call: (raw: number) => number, readings: Readings, count: number): number {
  let sum = 0;
  const from = performance.now();
  for (let at = 0; at < count; at++) sum += call(readings[at & (READINGS - 1)]!);
  const ms = performance.now() - from;
  sink = sum;
  return ms;
}

/** From the first reading to the one after the last step, so that starting and unwinding are left out. */
function timeSteps(open: OpenBare, entry: { name: string; params: number }, readings: Readings, count: number): number {
  let done = -1;
  let [from, to] = [0, 0];
  let instance: BareInstance | null = null;
  const main = open(
    quietHost(
      () => {
        done += 1;
        if (done === 0) from = performance.now();
        else if (done === count) {
          to = performance.now();
          throw new Enough();
        }
        instance?.refuel();
        return readings[done & (READINGS - 1)]!;
      },
      () => instance?.refuel(),
    ),
  );
  instance = main;
  main.refuel();
  try {
    main.function(entry.name)(...new Array<number>(entry.params).fill(0));
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
    return to - from;
  }
  throw new Error('Its `main` returned before its steps were done.');
}

/** What `get_config` gives, by key. */
export const configured: readonly number[] = configTable();

function configTable(): number[] {
  const table: number[] = [];
  for (const [name, key] of Object.entries(ConfigKey)) table[key] = configDefaults[name as keyof typeof ConfigKey];
  return table;
}

/** A host that answers at once and looks at nothing: what is timed is the guest and the way to the host. */
function quietHost(sensor: () => number, paused: () => void = () => undefined): WebAssembly.ModuleImports {
  return {
    read_sensor: sensor,
    delay_ms: paused,
    set_output: () => undefined,
    wasm_log: () => undefined,
    log_int: () => undefined,
    mqtt_publish: () => 0,
    get_config: (key: number) => configured[key] ?? 0,
  };
}

/** What the calls came to last: reading it keeps them. */
export function lastSum(): number {
  return sink;
}
