/** A guest's `main` against scripted sensors: what it is given, and all that it did. */
import type { GuestFault } from '../../guest/types.ts';

export interface LoopScript {
  /** What `read_sensor` gives, one value a step; after the last one the run ends. */
  sensor: readonly number[];
  /** By key, what `get_config` gives; 0 for a key that is not there. May change with the step, which counts from 0. */
  config(key: number, step: number): number;
  /** Most host calls before the run is ended: a guest that never reads its sensor ends there. */
  maxCalls: number;
}

/** One call of the host, as `name(arguments)` with strings in full. */
export interface HostCall {
  name: 'read_sensor' | 'set_output' | 'delay_ms' | 'wasm_log' | 'log_int' | 'mqtt_publish' | 'get_config';
  values: readonly (number | string)[];
  /** Sensor readings before it, less one: -1 before the first. */
  step: number;
  /** Instructions since the last pause, which `read_sensor` and `delay_ms` are; null where nobody counts them. */
  retired: number | null;
}

export type LoopEnd =
  /** The script was done. */
  | { kind: 'script' }
  | { kind: 'returned' }
  /** `maxCalls` was reached. */
  | { kind: 'too-many-calls' }
  | { kind: 'fault'; fault: GuestFault };

export interface LoopTrace {
  calls: readonly HostCall[];
  end: LoopEnd;
}
