/** A wasm guest as the fog and the cloud use it: called once per value, one guest per stream. */
import type { Arena } from './arena.ts';
import { GuestInstance, immediateImports, type Strings } from './guest-instance.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import type { GuestKind } from './seat.ts';
import { GuestFaultError, type HostCalls, type StreamGuest } from './types.ts';

/** Outside its loop a guest has no sensor to wait for and nothing to steer. */
export const noHost: HostCalls = {
  setOutput: () => undefined,
  log: () => undefined,
  logInt: () => undefined,
  publish: () => -1,
  config: () => 0,
  paused: () => undefined,
};

/** The `env` functions of a guest outside its loop. */
function streamImports(instance: () => Strings | undefined): WebAssembly.ModuleImports {
  return { ...immediateImports(() => noHost, instance), delay_ms: () => undefined, read_sensor: () => -1 };
}

/** An instance whose host functions read its own memory. */
export function openStream<Instance extends Strings>(open: (imports: WebAssembly.ModuleImports) => Instance): Instance {
  let instance: Instance | undefined;
  return (instance = open(streamImports(() => instance)));
}

export class WasmStream implements StreamGuest {
  readonly exports: StreamGuest['exports'];
  static readonly #kind: GuestKind<WasmStream> = {
    shares: true,
    imports: (current) => streamImports(() => current().#instance),
  };
  readonly #instance: GuestInstance<WasmStream>;
  readonly #filterValue: (...values: number[]) => number;
  readonly #detectAnomaly: (...values: number[]) => number;

  /** Throws `GuestFaultError` when the module cannot start. */
  constructor(guest: LoadedGuest, arena: Arena, budget: number) {
    const { process, filterValue, detectAnomaly } = guest.checked;
    this.exports = { process, filterValue, detectAnomaly };
    this.#instance = new GuestInstance(guest, arena, budget, WasmStream.#kind, this);
    this.#filterValue = this.#instance.function('filter_value');
    this.#detectAnomaly = this.#instance.function('detect_anomaly');
  }

  process(raw: number, dry: number, wet: number, threshold: number): number {
    this.#instance.refuel();
    try {
      return this.#instance.function('process')(raw, dry, wet, threshold);
    } catch (error) {
      throw new GuestFaultError(this.#instance.fault(error));
    } finally {
      this.#instance.leave();
    }
  }

  filterValue(raw: number): number {
    return this.#call(this.#filterValue, raw);
  }

  detectAnomaly(raw: number): number {
    return this.#call(this.#detectAnomaly, raw);
  }

  retired(): number {
    return this.#instance.retired();
  }

  stop(): void {
    this.#instance.release();
  }

  memory(): { declaredBytes: number; usedBytes: number } {
    return this.#instance.memory();
  }

  #call(exported: (value: number) => number, value: number): number {
    this.#instance.refuel();
    try {
      return exported(value);
    } catch (error) {
      throw new GuestFaultError(this.#instance.fault(error));
    } finally {
      this.#instance.leave();
    }
  }
}
