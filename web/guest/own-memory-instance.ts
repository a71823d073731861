/** A guest as it came, in a memory of its own: nothing in it is counted, and the host checks what it can from outside. */
import { readCheckedString } from './checked-string.ts';
import { describeFault } from './guest-fault.ts';
import type { GuestMemory } from './guest-instance.ts';
import type { LoadedGuest } from './loaded-guest.ts';
import { GuestFaultError, type GuestFault } from './types.ts';
import { PAGE_BYTES } from './wasm/module-types.ts';

type HostFunction = (...values: number[]) => unknown;

export class OwnMemoryInstance {
  readonly #guest: LoadedGuest;
  readonly #exports: WebAssembly.Exports;
  /** Null when it exports none, and while its start function runs. */
  readonly #memory: WebAssembly.Memory | null = null;
  /** The rule it has broken. It may have caught what was thrown, but it does not get on with it. */
  #broken: GuestFaultError | null = null;

  /**
   * Throws `GuestFaultError` when the module cannot start.
   * @param imports the `env` functions; they may call `readString` of this instance once it exists
   */
  constructor(guest: LoadedGuest, imports: WebAssembly.ModuleImports) {
    this.#guest = guest;
    const functions = Object.entries(imports) as [string, HostFunction][];
    const env = Object.fromEntries(functions.map(([name, call]) => [name, this.#guarded(name, call)]));
    try {
      this.#exports = new WebAssembly.Instance(guest.module, { env }).exports;
    } catch (error) {
      const reason = `The module could not start: ${error instanceof Error ? error.message : String(error)}.`;
      throw new GuestFaultError({ kind: 'trap', reason });
    }
    this.#memory = exportedMemory(this.#exports);
  }

  /** An exported function. It throws `GuestFaultError` for a result that is no number, and for a broken rule. */
  function(name: string): (...values: number[]) => number {
    const call = this.#exports[name] as (...values: number[]) => unknown;
    return (...values) => {
      const result = call(...values);
      this.#keepRules();
      return numberFrom(result ?? 0, `The result of \`${name}\``);
    };
  }

  /** A slice of it is limited by time alone. */
  refuel(): void {}

  retired(): number {
    return NaN;
  }

  fault(error: unknown): GuestFault {
    if (this.#broken) return this.#broken.fault;
    const { Exception } = WebAssembly as unknown as { Exception?: new () => unknown };
    if (Exception && error instanceof Exception) return { kind: 'trap', reason: 'The guest threw an exception that it did not catch.' };
    return describeFault(error, 0, 0);
  }

  memory(): GuestMemory {
    const declaredBytes = this.#memory?.buffer.byteLength ?? this.#guest.checked.memory.initialPages * PAGE_BYTES;
    const { heapBase } = this.#guest.checked;
    return { declaredBytes, usedBytes: Math.min(heapBase ?? declaredBytes, declaredBytes) };
  }

  readString(pointer: number, maxBytes: number, argument: string): string {
    if (!this.#memory) throw new GuestFaultError({ kind: 'pointer', reason: `${argument} cannot be read: the module exports no memory.` });
    return readCheckedString(new Uint8Array(this.#memory.buffer), pointer, maxBytes, argument);
  }

  #guarded(name: string, call: HostFunction): HostFunction {
    return (...values) => {
      this.#keepRules();
      try {
        return call(...values.map((value) => numberFrom(value, `An argument of \`${name}\``)));
      } catch (error) {
        if (error instanceof GuestFaultError) this.#broken = error;
        throw error;
      }
    };
  }

  #keepRules(): void {
    if (this.#broken) throw this.#broken;
  }
}

/** The one that pointers refer to: by custom `memory`. */
function exportedMemory(exports: WebAssembly.Exports): WebAssembly.Memory | null {
  const memories = Object.values(exports).filter((each) => each instanceof WebAssembly.Memory);
  return exports.memory instanceof WebAssembly.Memory ? exports.memory : (memories[0] ?? null);
}

/** 64-bit numbers and references have no place in the ABI. */
function numberFrom(value: unknown, what: string): number {
  if (typeof value === 'number') return value;
  throw new GuestFaultError({ kind: 'rule', reason: `${what} is no number of 32 bits, as the guest ABI wants it.` });
}
