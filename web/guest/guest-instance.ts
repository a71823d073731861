/** A guest instantiated in its window of the arena, with its meter and its checked strings. */
import { ArenaFullError, type Arena, type Window } from './arena.ts';
import { readCheckedString } from './checked-string.ts';
import { describeFault } from './guest-fault.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import { GuestFaultError, type GuestFault, type HostCalls } from './types.ts';
import { limits } from './abi.gen.ts';
import { PAGE_BYTES } from './wasm/module-types.ts';
import { importNamespace, transformedExports, windowImports } from './wasm/transformed-names.ts';

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
  /** Null when the guest has a memory of its own. */
  readonly #window: Window | null;
  readonly #base: number;
  readonly #exports: WebAssembly.Exports;
  readonly #fuel: Global;
  readonly #trap: Global;
  /** Size of a memory that cannot grow: to ask the module costs more than to read a short string. */
  readonly #fixedBytes: number | null;
  #own: Uint8Array | null = null;
  #released = false;

  /** @param imports the `env` functions; they may call `readString` of this instance once it exists */
  constructor(guest: LoadedGuest, arena: Arena, budget: number, imports: WebAssembly.ModuleImports) {
    this.#guest = guest;
    this.#arena = arena;
    this.#budget = budget;
    this.#window = guest.alone ? null : allocate(arena, guest.maxPages);
    this.#base = this.#window?.base ?? 0;
    const { initialPages } = guest.checked.memory;
    this.#fixedBytes = initialPages === guest.maxPages ? initialPages * PAGE_BYTES : null;
    try {
      this.#exports = this.#window
        ? new WebAssembly.Instance(guest.module, { env: imports, [importNamespace]: windowImportsOf(this.#window) }).exports
        : new WebAssembly.Instance(guest.alone as WebAssembly.Module, { env: imports }).exports;
    } catch (error) {
      this.release();
      throw new GuestFaultError({
        kind: 'trap',
        reason: `The module could not start: ${error instanceof Error ? error.message : String(error)}.`,
      });
    }
    this.#fuel = this.#exports[transformedExports.fuel] as Global;
    this.#trap = this.#exports[transformedExports.trap] as Global;
    this.refuel();
  }

  /** An exported function; the check before loading made sure of its type. */
  function(name: string): (...values: number[]) => number {
    return this.#exports[name] as (...values: number[]) => number;
  }

  /** Begins a slice: the budget is whole again. */
  refuel(): void {
    this.#fuel.value = this.#budget;
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
    const bytes = this.#bytes();
    if (start < size) {
      const end = this.#base + Math.min(size, start + maxBytes + 1);
      const known = this.#arena.strings.read(bytes, this.#base + start, end);
      if (known !== null) return known;
    }
    return readCheckedString(bytes.subarray(this.#base, this.#base + size), pointer, maxBytes, argument);
  }

  /** Gives the window back; the instance must not run again. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    if (this.#window) this.#arena.free(this.#window, this.#guest.maxPages);
  }

  /** The memory that the guest's lies in. */
  #bytes(): Uint8Array {
    if (this.#window) return this.#window.bytes();
    // The view of before is empty once the memory has grown.
    if (!this.#own?.byteLength) this.#own = new Uint8Array((this.#exports[transformedExports.memory] as WebAssembly.Memory).buffer);
    return this.#own;
  }

  #sizeBytes(): number {
    if (this.#fixedBytes !== null) return this.#fixedBytes;
    if (!this.#window) return this.#bytes().byteLength;
    return ((this.#exports[transformedExports.limit] as Global).value as number) >>> 0;
  }
}

/** The `env` functions that answer at once. `instance` is asked late: imports exist before it does. */
export function immediateImports(host: HostCalls, instance: () => Pick<GuestInstance, 'readString'>): WebAssembly.ModuleImports {
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

function allocate(arena: Arena, pages: number): Window {
  try {
    return arena.allocate(pages);
  } catch (error) {
    if (error instanceof ArenaFullError) throw new GuestFaultError({ kind: 'rule', reason: error.message });
    throw error;
  }
}

function windowImportsOf({ memory, base }: Window): WebAssembly.ModuleImports {
  return {
    [windowImports.memory]: memory,
    [windowImports.base]: new WebAssembly.Global({ value: 'i32', mutable: false }, base | 0),
  };
}
