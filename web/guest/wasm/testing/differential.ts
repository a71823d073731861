/** Runs a module as it is, metered, and in a window between two guards, so that tests can compare the three. */
import { PAGE_BYTES } from '../module-types.ts';
import { transformModule, type TransformResult } from '../transform.ts';
import { STATE_BYTES_PER_PAGE, transformedExports, trapCodes, turnExports } from '../transformed-names.ts';

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
  options: { window: boolean; ceilingPages?: number },
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
  { startFuel = plenty, ...options }: RunOptions = {},
): MeteredRun {
  const module = new WebAssembly.Module(transformed(bytes, { window: false, ...options }).bytes);
  const instance = new WebAssembly.Instance(module, imports);
  turn(instance, turnExports.begin)(0, startFuel);
  return { ...metered(instance), ...ownMemory(instance) };
}

export function runWindowed(
  bytes: Uint8Array,
  imports: WebAssembly.Imports = {},
  { startFuel = plenty, ...options }: RunOptions = {},
): WindowedRun {
  const result = transformed(bytes, { window: true, ...options });
  const { memory, windows, guardsIntact } = guardedWindows(result.maxPages, 1);
  const instance = begun(() => {
    const started = new WebAssembly.Instance(new WebAssembly.Module(result.bytes), { ...imports, continuum: { memory } });
    turn(started, turnExports.begin)(windows[0]!.base, startFuel);
    return started;
  }, guardsIntact);
  return windowedRun(instance, windows[0]!, guardsIntact);
}

/** A guest that shares its instance with another of the same module. */
export interface SharingRun extends WindowedRun {
  /** Has the other one run, on so much fuel, and comes back with the turn. */
  aside(fuel: number, run: () => void): void;
}

/**
 * @param imports of the guest, and of the other one
 * @returns null when the transform says that an instance cannot be shared
 */
export function runSharing(
  bytes: Uint8Array,
  imports: readonly [WebAssembly.Imports, WebAssembly.Imports] = [{}, {}],
  { startFuel = plenty, ...options }: RunOptions = {},
): SharingRun | null {
  const result = transformed(bytes, { window: true, ...options });
  if (!result.shareable) return null;
  const { memory, windows, guardsIntact } = guardedWindows(result.maxPages, 2);
  let current = 0;
  const started = new WebAssembly.Instance(new WebAssembly.Module(result.bytes), {
    ...callsOfEither(imports, () => current),
    continuum: { memory },
  });
  const call = (name: string, ...values: number[]) => turn(started, name)(...values);
  const [own, other] = windows as [GuardedWindow, GuardedWindow];
  begun(() => call(turnExports.begin, own.base, startFuel), guardsIntact);
  const left = call(turnExports.left);
  call(turnExports.leave, own.state);
  current = 1;
  let otherRuns = true;
  try {
    call(turnExports.begin, other.base, startFuel);
  } catch {
    otherRuns = false;
  }
  call(turnExports.leave, other.state);
  current = 0;
  call(turnExports.enter, own.base, own.state, left);
  const run = windowedRun(started, own, guardsIntact);
  const aside = (fuel: number, act: () => void): void => {
    if (!otherRuns) return;
    const kept = call(turnExports.left);
    call(turnExports.leave, own.state);
    current = 1;
    call(turnExports.enter, other.base, other.state, fuel);
    act();
    call(turnExports.leave, other.state);
    current = 0;
    call(turnExports.enter, own.base, own.state, kept);
  };
  return { ...run, aside };
}

/** What is called goes to the guest that has the turn; what else is imported cannot be changed by either. */
function callsOfEither(imports: readonly [WebAssembly.Imports, WebAssembly.Imports], current: () => number): WebAssembly.Imports {
  const functions = (module: string, entries: WebAssembly.ModuleImports) =>
    Object.fromEntries(
      Object.entries(entries).map(([name, value]) => {
        if (typeof value !== 'function') return [name, value];
        return [name, (...values: unknown[]) => (imports[current()]![module]![name] as (...all: unknown[]) => unknown)(...values)];
      }),
    );
  return Object.fromEntries(Object.entries(imports[0]).map(([module, entries]) => [module, functions(module, entries)]));
}

interface GuardedWindow {
  base: number;
  /** Where the host keeps what the guest has outside its memory. */
  state: number;
  all: Uint8Array;
}

/** Windows with guards around them, and a page for their states behind all. */
function guardedWindows(maxPages: number, count: number) {
  const stride = maxPages + GUARD_PAGES;
  const states = (GUARD_PAGES + count * stride) * PAGE_BYTES;
  const memory = new WebAssembly.Memory({ initial: states / PAGE_BYTES + 1 });
  const all = new Uint8Array(memory.buffer);
  const windows = Array.from({ length: count }, (_, index): GuardedWindow => {
    return { base: (GUARD_PAGES + index * stride) * PAGE_BYTES, state: states + index * STATE_BYTES_PER_PAGE * CEILING_PAGES, all };
  });
  const guards = [0, ...windows.map(({ base }) => base + maxPages * PAGE_BYTES)].map((at) => all.subarray(at, at + GUARD_PAGES * PAGE_BYTES));
  for (const guard of guards) guard.fill(GUARD_BYTE);
  const whole = Buffer.alloc(GUARD_PAGES * PAGE_BYTES, GUARD_BYTE);
  return { memory, windows, guardsIntact: () => guards.every((guard) => whole.equals(guard)) };
}

function begun<Result>(begin: () => Result, guardsIntact: () => boolean): Result {
  try {
    return begin();
  } catch (error) {
    if (!guardsIntact())
      throw new Error('A guest wrote outside its window while it started.', { cause: error });
    throw error;
  }
}

function windowedRun(instance: WebAssembly.Instance, { base, all }: GuardedWindow, guardsIntact: () => boolean): WindowedRun {
  const limit = instance.exports[transformedExports.limit] as WebAssembly.Global;
  const view = () => all.subarray(base, base + ((limit.value as number) >>> 0));
  return { ...metered(instance), limit, view, memory: () => view().slice(), guardsIntact };
}

/** One of the functions by which guests take turns. */
export function turn(instance: WebAssembly.Instance, name: string): (...values: number[]) => number {
  return instance.exports[name] as (...values: number[]) => number;
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
