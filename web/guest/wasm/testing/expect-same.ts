import { expect } from 'vitest';
import { assemble } from './assemble.ts';
import { runMetered, runOriginal, runWindowed, type Value } from './differential.ts';

export type Call = [name: string, ...values: Value[]];

/** Same outcomes and the same memory, call after call, in all three runs; and the neighbours untouched. */
export function expectSame(text: string, calls: readonly Call[], imports: WebAssembly.Imports = {}): void {
  const bytes = assemble(text);
  const original = runOriginal(bytes, imports);
  const own = runMetered(bytes, imports);
  const windowed = runWindowed(bytes, imports);
  for (const [name, ...values] of calls) {
    const expected = original.call(name, ...values);
    expect(own.call(name, ...values), `${name}(${values.join()}) metered`).toEqual(expected);
    expect(windowed.call(name, ...values), `${name}(${values.join()}) in a window`).toEqual(expected);
  }
  expect(windowed.guardsIntact()).toBe(true);
  expect(Buffer.compare(windowed.memory(), original.memory()), 'memory').toBe(0);
  expect(Buffer.compare(own.memory(), original.memory()), 'memory').toBe(0);
}
