/** A guest instantiated in its window of the arena, with its meter and its checked strings. */
import { ArenaFullError, type Arena } from './arena.ts';
import { describeFault } from './guest-fault.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import { GuestFaultError, type GuestFault, type HostCalls } from './types.ts';
import { limits } from './abi.gen.ts';
import { transformedExports, trapCodes } from './wasm/transformed-names.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

type Global = WebAssembly.Global;

export interface GuestMemory {
  declaredBytes: number;
  /** Data, shadow stack and heap base where the module tells; else all of it. */
  usedBytes: number;
}

export class GuestInstance {
  readonly #guest: LoadedGuest;
  readonly #arena: Arena;
  readonly #budget: number;
  readonly #base: number;
  readonly #exports: WebAssembly.Exports;
  readonly #fuel: Global;
  readonly #trap: Global;
  readonly #limit: Global;
  #released = false;

  /** @param imports the `env` functions; they may call `readString` of this instance once it exists */
  constructor(guest: LoadedGuest, arena: Arena, budget: number, imports: WebAssembly.ModuleImports) {
    this.#guest = guest;
    this.#arena = arena;
    this.#budget = budget;
    this.#base = window(arena, guest.maxPages);
    const base = new WebAssembly.Global({ value: 'i32', mutable: false }, this.#base | 0);
    try {
      const instance = new WebAssembly.Instance(guest.module, {
        env: imports,
        continuum: { memory: arena.memory, base },
      });
      this.#exports = instance.exports;
    } catch (error) {
      arena.free(this.#base, guest.maxPages);
      throw new GuestFaultError({
        kind: 'trap',
        reason: `The module could not start: ${error instanceof Error ? error.message : String(error)}.`,
      });
    }
    this.#fuel = this.#exports[transformedExports.fuel] as Global;
    this.#trap = this.#exports[transformedExports.trap] as Global;
    this.#limit = this.#exports[transformedExports.limit] as Global;
    this.refuel();
  }

  /** An exported function; the check before loading made sure of its type. */
  function(name: string): (...values: number[]) => number {
    return this.#exports[name] as (...values: number[]) => number;
  }

  /** Begins a slice: the budget is whole again. */
  refuel(): void {
    this.#fuel.value = this.#budget;
    this.#trap.value = trapCodes.none;
  }

  /** Instructions retired since `refuel`. */
  retired(): number {
    return this.#budget - (this.#fuel.value as number);
  }

  fault(error: unknown): GuestFault {
    return describeFault(error, this.#trap.value as number, this.#budget);
  }

  memory(): GuestMemory {
    const declaredBytes = this.#sizeBytes();
    const { heapBase } = this.#guest.checked;
    return { declaredBytes, usedBytes: Math.min(heapBase ?? declaredBytes, declaredBytes) };
  }

  /**
   * The NUL-terminated UTF-8 string at a guest pointer.
   * Throws `GuestFaultError` when it leaves the guest's memory, is longer than `maxBytes` or is not UTF-8.
   */
  readString(pointer: number, maxBytes: number, argument: string): string {
    const size = this.#sizeBytes();
    const start = pointer >>> 0;
    if (start >= size) {
      throw pointerFault(`${argument} points to ${hex(start)}, outside the guest's memory of ${size} bytes.`);
    }
    const { bytes } = this.#arena;
    const end = Math.min(size, start + maxBytes + 1);
    const nul = bytes.subarray(this.#base + start, this.#base + end).indexOf(0);
    if (nul < 0) {
      throw pointerFault(
        end === size
          ? `${argument} at ${hex(start)} runs past the end of the guest's memory: it has no closing NUL.`
          : `${argument} at ${hex(start)} is longer than ${maxBytes} bytes or has no closing NUL.`,
      );
    }
    try {
      return utf8.decode(bytes.slice(this.#base + start, this.#base + start + nul));
    } catch {
      throw pointerFault(`${argument} at ${hex(start)} is not valid UTF-8.`);
    }
  }

  /** Gives the window back; the instance must not run again. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#arena.free(this.#base, this.#guest.maxPages);
  }

  #sizeBytes(): number {
    return (this.#limit.value as number) >>> 0;
  }
}

/** The `env` functions that answer at once. `instance` is asked late: imports exist before it does. */
export function immediateImports(host: HostCalls, instance: () => GuestInstance): WebAssembly.ModuleImports {
  return {
    set_output: (pin: number, level: number) => host.setOutput(pin, level),
    wasm_log: (pointer: number) =>
      host.log(instance().readString(pointer, limits.logBytes, 'The text of wasm_log')),
    log_int: (value: number) => host.logInt(value),
    mqtt_publish: (topic: number, payload: number) =>
      host.publish(
        instance().readString(topic, limits.topicBytes, 'The topic of mqtt_publish'),
        instance().readString(payload, limits.payloadBytes, 'The payload of mqtt_publish'),
      ),
    get_config: (key: number) => host.config(key),
  };
}

function window(arena: Arena, pages: number): number {
  try {
    return arena.allocate(pages);
  } catch (error) {
    if (error instanceof ArenaFullError) throw new GuestFaultError({ kind: 'rule', reason: error.message });
    throw error;
  }
}

function pointerFault(reason: string): GuestFaultError {
  return new GuestFaultError({ kind: 'pointer', reason });
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
