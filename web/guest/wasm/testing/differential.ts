/** Runs a module as it is, metered, and in a window between two guards, so that tests can compare the three. */
import { PAGE_BYTES } from '../module-types.ts';
import { transformModule, type TransformResult } from '../transform.ts';
import { transformedExports, trapCodes } from '../transformed-names.ts';

export type Value = number | bigint | null;
export type Outcome =
  | { kind: 'value'; value: Value | Value[] | undefined }
  | { kind: 'trap'; why: 'out of bounds' | 'out of fuel' | string };

export interface Run {
  instance: WebAssembly.Instance;
  call(name: string, ...values: (number | bigint | null)[]): Outcome;
  /** The guest's memory, up to its limit, as it is until it grows. */
  view(): Uint8Array;
  /** A copy of it. */
  memory(): Uint8Array;
}

export interface MeteredRun extends Run {
  fuel: WebAssembly.Global;
  trap: WebAssembly.Global;
  /** Instructions that one call retires. */
  cost(name: string, ...values: (number | bigint | null)[]): number;
}

export interface WindowedRun extends MeteredRun {
  limit: WebAssembly.Global;
  /** Whether every byte outside the window is as it was. */
  guardsIntact(): boolean;
}

export interface RunOptions {
  ceilingPages?: number;
  /** Instructions that the start function may retire. */
  startFuel?: number;
}

export const plenty = 10_000_000;
export const CEILING_PAGES = 4;
const GUARD_PAGES = 1;
const GUARD_BYTE = 0xa5;

/** Throws when the transform refuses, or, unless `compiles` is false, when the engine does. */
export function transformed(
  bytes: Uint8Array,
  options: { window: boolean; ceilingPages?: number; startFuel?: number },
  compiles = true,
): Extract<TransformResult, { ok: true }> {
  const result = transformModule(bytes, { ceilingPages: CEILING_PAGES, ...options });
  if (!result.ok) throw new Error(result.reason);
  // Compiling tells what validating only denies.
  if (compiles) new WebAssembly.Module(result.bytes);
  return result;
}

export function runOriginal(bytes: Uint8Array<ArrayBuffer>, imports: WebAssembly.Imports = {}): Run {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  return { instance, call: (name, ...values) => outcome(instance, name, values, null), ...ownMemory(instance) };
}

export function runMetered(
  bytes: Uint8Array,
  imports: WebAssembly.Imports = {},
  options: RunOptions = {},
): MeteredRun {
  const module = new WebAssembly.Module(transformed(bytes, { window: false, ...options }).bytes);
  const instance = new WebAssembly.Instance(module, imports);
  return { ...metered(instance), ...ownMemory(instance) };
}

export function runWindowed(
  bytes: Uint8Array,
  imports: WebAssembly.Imports = {},
  options: RunOptions = {},
): WindowedRun {
  const result = transformed(bytes, { window: true, ...options });
  const pages = result.maxPages + 2 * GUARD_PAGES;
  const memory = new WebAssembly.Memory({ initial: pages });
  const all = new Uint8Array(memory.buffer);
  const base = GUARD_PAGES * PAGE_BYTES;
  const end = base + result.maxPages * PAGE_BYTES;
  all.fill(GUARD_BYTE, 0, base);
  all.fill(GUARD_BYTE, end);
  const guard = Buffer.alloc(base, GUARD_BYTE);
  const guardsIntact = () => guard.equals(all.subarray(0, base)) && guard.equals(all.subarray(end));
  let instance: WebAssembly.Instance;
  try {
    instance = new WebAssembly.Instance(new WebAssembly.Module(result.bytes), {
      ...imports,
      continuum: { memory, base: new WebAssembly.Global({ value: 'i32', mutable: false }, base) },
    });
  } catch (error) {
    if (!guardsIntact())
      throw new Error('A guest wrote outside its window while it started.', { cause: error });
    throw error;
  }
  const limit = instance.exports[transformedExports.limit] as WebAssembly.Global;
  const view = () => all.subarray(base, base + ((limit.value as number) >>> 0));
  return { ...metered(instance), limit, view, memory: () => view().slice(), guardsIntact };
}

function metered(instance: WebAssembly.Instance): Omit<MeteredRun, 'memory' | 'view'> {
  const fuel = instance.exports[transformedExports.fuel] as WebAssembly.Global;
  const trap = instance.exports[transformedExports.trap] as WebAssembly.Global;
  const call: Run['call'] = (name, ...values) => {
    fuel.value = plenty;
    trap.value = 0;
    return outcome(instance, name, values, trap);
  };
  const cost: MeteredRun['cost'] = (name, ...values) => {
    call(name, ...values);
    return plenty - (fuel.value as number);
  };
  return { instance, fuel, trap, call, cost };
}

function outcome(
  instance: WebAssembly.Instance,
  name: string,
  values: readonly (number | bigint | null)[],
  trap: WebAssembly.Global | null,
): Outcome {
  try {
    return { kind: 'value', value: (instance.exports[name] as (...all: unknown[]) => Value)(...values) };
  } catch (error) {
    if (trap?.value === trapCodes.outOfFuel) return { kind: 'trap', why: 'out of fuel' };
    if (trap?.value === trapCodes.outOfBounds) return { kind: 'trap', why: 'out of bounds' };
    const { message } = error as Error;
    return { kind: 'trap', why: /memory access out of bounds/.test(message) ? 'out of bounds' : message };
  }
}

function ownMemory(instance: WebAssembly.Instance): Pick<Run, 'view' | 'memory'> {
  const memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
  const view = () => new Uint8Array(memory?.buffer ?? new ArrayBuffer(0));
  return { view, memory: () => view().slice() };
}
