import { expect } from 'vitest';
import { assemble } from './assemble.ts';
import { plenty, runMetered, runOriginal, runSharing, runWindowed, type Value } from './differential.ts';

export type Call = [name: string, ...values: Value[]];

/** Same outcomes and the same memory, call after call, in all runs; and the neighbours untouched. */
export function expectSame(text: string, calls: readonly Call[], imports: WebAssembly.Imports = {}): void {
  const bytes = assemble(text);
  const original = runOriginal(bytes, imports);
  const own = runMetered(bytes, imports);
  const windowed = runWindowed(bytes, imports);
  // The other guest would answer to the same host.
  const sharing = Object.keys(imports).length > 0 ? null : runSharing(bytes);
  for (const [name, ...values] of calls) {
    const expected = original.call(name, ...values);
    sharing?.aside(plenty, () => sharing.call(...(calls.at(-1) as Call)));
    if (sharing) expect(sharing.call(name, ...values), `${name}(${values.join()}) by turns`).toEqual(expected);
    expect(own.call(name, ...values), `${name}(${values.join()}) metered`).toEqual(expected);
    expect(windowed.call(name, ...values), `${name}(${values.join()}) in a window`).toEqual(expected);
  }
  for (const run of [windowed, ...(sharing ? [sharing] : [])]) {
    expect(run.guardsIntact()).toBe(true);
    expect(Buffer.compare(run.memory(), original.memory()), 'memory').toBe(0);
  }
  expect(Buffer.compare(own.memory(), original.memory()), 'memory').toBe(0);
}
