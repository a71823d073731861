/** The host's side of a guest's `main` against a script: records every call, and ends the run when the script is done. */
import { limits } from '../../guest/abi.gen.ts';
import type { GuestFault, HostCalls, LoopGuest, Pause } from '../../guest/types.ts';
import type { HostCall, LoopEnd, LoopScript, LoopTrace } from './loop-script.ts';

/** Unwinds the guest. A guest that can catch it gets it again at its next call. */
class ScriptEnded extends Error {}

/** What is asked of an instance that runs `main` on the caller's own stack. */
export interface ScriptedInstance {
  function(name: string): (...values: number[]) => number;
  refuel(): void;
  /** NaN where nothing is counted. */
  retired(): number;
  fault(error: unknown): GuestFault;
  readString(pointer: number, maxBytes: number, argument: string): string;
}

export class ScriptedHost {
  readonly #script: LoopScript;
  readonly #calls: HostCall[] = [];
  #retired: () => number;
  #step = -1;
  #end: LoopEnd | null = null;

  /** @param retired instructions since the slice began */
  constructor(script: LoopScript, retired: () => number) {
    this.#script = script;
    this.#retired = retired;
  }

  /** What `read_sensor` gives, or null when the script is done. */
  read(sensor: number): number | null {
    this.record('read_sensor', sensor);
    this.#step += 1;
    const value = this.#script.sensor[this.#step];
    if (value !== undefined) return value;
    // The reading that nobody answers is no step.
    this.#step -= 1;
    this.#calls.pop();
    this.#end ??= { kind: 'script' };
    return null;
  }

  config(key: number): number {
    this.record('get_config', key);
    return this.#script.config(key, Math.max(0, this.#step));
  }

  record(name: HostCall['name'], ...values: (number | string)[]): void {
    if (this.#calls.length >= this.#script.maxCalls) this.#end ??= { kind: 'too-many-calls' };
    if (this.#end) throw new ScriptEnded();
    const retired = this.#retired();
    this.#calls.push({ name, values, step: this.#step, retired: Number.isNaN(retired) ? null : retired });
  }

  /** @param otherwise how it ended, unless the script was done before */
  trace(otherwise: () => LoopEnd): LoopTrace {
    return { calls: this.#calls, end: this.#end ?? otherwise() };
  }
}

/**
 * Runs `main` on the caller's own stack: nothing waits, so it takes no thread and no suspending.
 * @param open makes the instance; throws `GuestFaultError` when the module cannot start
 */
export function runScripted(
  script: LoopScript,
  entry: { name: string; params: number },
  open: (imports: WebAssembly.ModuleImports) => ScriptedInstance,
): LoopTrace {
  let instance: ScriptedInstance | null = null;
  const host = new ScriptedHost(script, () => instance?.retired() ?? NaN);
  const text = (pointer: number, maxBytes: number, argument: string) => {
    if (!instance) throw new Error('Host functions that take text cannot be called while the module starts.');
    return instance.readString(pointer, maxBytes, argument);
  };
  try {
    instance = open({
      read_sensor: (sensor: number) => {
        const value = host.read(sensor);
        if (value === null) throw new ScriptEnded();
        instance?.refuel();
        return value;
      },
      delay_ms: (ms: number) => {
        host.record('delay_ms', ms);
        instance?.refuel();
      },
      set_output: (pin: number, level: number) => host.record('set_output', pin, level),
      wasm_log: (pointer: number) => host.record('wasm_log', text(pointer, limits.logBytes, 'The text of wasm_log')),
      log_int: (value: number) => host.record('log_int', value),
      mqtt_publish: (topic: number, payload: number) => {
        const topicText = text(topic, limits.topicBytes, 'The topic of mqtt_publish');
        host.record('mqtt_publish', topicText, text(payload, limits.payloadBytes, 'The payload of mqtt_publish'));
        return 0;
      },
      get_config: (key: number) => host.config(key),
    });
    instance.refuel();
    instance.function(entry.name)(...new Array<number>(entry.params).fill(0));
    return host.trace(() => ({ kind: 'returned' }));
  } catch (error) {
    const fault = instance?.fault(error) ?? faultBeforeStart(error);
    return host.trace(() => ({ kind: 'fault', fault }));
  }
}

function faultBeforeStart(error: unknown): GuestFault {
  if (error instanceof Error && 'fault' in error) return error.fault as GuestFault;
  return { kind: 'trap', reason: error instanceof Error ? error.message : String(error) };
}

/**
 * The same for a loop that is resumed, which must have run to its pause when `start` and `resume` return.
 * @param open makes the loop on its host
 */
export function runResumed(script: LoopScript, open: (host: HostCalls) => LoopGuest): LoopTrace {
  const host = new ScriptedHost(script, () => NaN);
  let pause: Pause | null = null;
  const loop = open({
    setOutput: (pin, level) => host.record('set_output', pin, level),
    log: (text) => host.record('wasm_log', text),
    logInt: (value) => host.record('log_int', value),
    publish: (topic, payload) => {
      host.record('mqtt_publish', topic, payload);
      return 0;
    },
    config: (key) => host.config(key),
    paused: (at) => (pause = at),
  });
  const next = (): Pause => pause ?? { kind: 'returned' };
  try {
    void loop.start();
    for (;;) {
      const at = next();
      if (at.kind === 'sensor') {
        const value = host.read(at.sensor);
        if (value === null) break;
        void loop.resume(value);
      } else if (at.kind === 'delay') {
        host.record('delay_ms', at.ms);
        void loop.resume(0);
      } else return host.trace(() => at);
    }
  } catch (error) {
    if (!(error instanceof ScriptEnded)) throw error;
  } finally {
    loop.stop();
  }
  return host.trace(() => ({ kind: 'script' }));
}
