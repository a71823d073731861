/** How deep a module's shadow stack is used, and what its calls cost: run metered, in a memory of its own that is looked at. */
import { withOwnMemory, type LoadedGuest } from '../../guest/loaded-guest.ts';
import { describeFault } from '../../guest/guest-fault.ts';
import { readCheckedString } from '../../guest/checked-string.ts';
import { transformedExports, turnExports } from '../../guest/wasm/transformed-names.ts';
import type { ScriptedInstance } from '../runtimes/scripted-host.ts';
import type { StackRegion } from './compare-port.ts';

export interface PaintedModule {
  readonly guest: LoadedGuest;
  open(imports: WebAssembly.ModuleImports): PaintedInstance;
}

export async function paintedModule(guest: LoadedGuest, region: StackRegion | null, budget: number): Promise<PaintedModule> {
  const { alone } = await withOwnMemory(guest);
  return { guest, open: (imports) => new PaintedInstance(alone!, imports, region, budget) };
}

export class PaintedInstance implements ScriptedInstance {
  readonly #exports: WebAssembly.Exports;
  readonly #region: StackRegion | null;
  readonly #budget: number;
  #colour = 0;
  #deepest = 0;

  /** Throws when the module cannot start. */
  constructor(module: WebAssembly.Module, imports: WebAssembly.ModuleImports, region: StackRegion | null, budget: number) {
    this.#region = region;
    this.#budget = budget;
    const lookFirst = Object.entries(imports).map(([name, call]) => [
      name,
      (...values: number[]) => {
        this.#lookAtPointer();
        return (call as (...values: number[]) => unknown)(...values);
      },
    ]);
    this.#exports = new WebAssembly.Instance(module, { env: Object.fromEntries(lookFirst) as WebAssembly.ModuleImports }).exports;
    (this.#exports[turnExports.begin] as (base: number, fuel: number) => void)(0, budget);
    this.refuel();
  }

  function(name: string): (...values: number[]) => number {
    return this.#exports[name] as (...values: number[]) => number;
  }

  refuel(): void {
    this.#global(transformedExports.fuel).value = this.#budget;
  }

  retired(): number {
    return this.#budget - (this.#global(transformedExports.fuel).value as number);
  }

  fault(error: unknown) {
    return describeFault(error, this.#global(transformedExports.trap).value as number, this.#budget);
  }

  readString(pointer: number, maxBytes: number, argument: string): string {
    return readCheckedString(this.#bytes(), pointer, maxBytes, argument);
  }

  get memoryBytes(): number {
    return this.#bytes().length;
  }

  /** Fills the stack; nothing of the guest may be running. */
  paint(colour: number): void {
    if (!this.#region) return;
    this.#colour = colour;
    this.#deepest = 0;
    this.#bytes().fill(colour, this.#region.lowest, this.#region.top);
  }

  /** Bytes from its top to the lowest that was written since it was painted, or that was reserved when the host was called. */
  reached(): number {
    if (!this.#region) return 0;
    const { lowest, top } = this.#region;
    const stack = this.#bytes().subarray(lowest, top);
    const touched = stack.findIndex((byte) => byte !== this.#colour);
    return Math.max(this.#deepest, touched < 0 ? 0 : stack.length - touched);
  }

  /** A frame that is reserved and not yet written to is in use all the same. */
  #lookAtPointer(): void {
    const pointer = this.#region && (this.#exports[transformedExports.stack] as WebAssembly.Global | undefined);
    if (this.#region && pointer) this.#deepest = Math.max(this.#deepest, this.#region.top - (pointer.value as number));
  }

  #bytes(): Uint8Array {
    return new Uint8Array((this.#exports[transformedExports.memory] as WebAssembly.Memory).buffer);
  }

  #global(name: string): WebAssembly.Global {
    return this.#exports[name] as WebAssembly.Global;
  }
}
