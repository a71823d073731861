/** The committed modules keep the bounds under which C and Rust are compared and boards can run them. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  builtBytes,
  builtIndex,
  builtModule,
  builtNames,
  instantiate,
  wasiNames,
  type BuiltName,
} from '../../tests/guests/built.ts';
import { guestExports, hostImports, importModule } from './abi.gen.ts';

const all: readonly BuiltName[] = [...builtNames, ...wasiNames];

test.each(builtNames)('%s fits 2 KiB, else it may not fit beside the firmware', (name) => {
  expect(builtBytes(name).length).toBeLessThanOrEqual(2048);
});

test.each(builtNames)('%s exports all of the ABI and asks for no more than it', (name) => {
  const module = builtModule(name);
  const functions = WebAssembly.Module.exports(module).filter(({ kind }) => kind === 'function');
  expect(functions.map((entry) => entry.name).sort()).toEqual(Object.keys(guestExports).sort());
  const imports = WebAssembly.Module.imports(module);
  expect(imports.map((entry) => entry.name).sort()).toEqual(Object.keys(hostImports).sort());
  expect(new Set(imports.map((entry) => entry.module))).toEqual(new Set([importModule]));
  expect((instantiate(module).main as unknown as { length: number }).length, 'main takes nothing').toBe(0);
});

test.each(wasiNames)('%s needs three WASI functions, else runtimes with fewer refuse it', (name) => {
  const imports = WebAssembly.Module.imports(builtModule(name));
  expect(imports.map((entry) => entry.name).sort()).toEqual(['fd_read', 'fd_write', 'proc_exit']);
});

test.each(all)('%s has one page that cannot grow and says where its heap would be', (name) => {
  const module = builtModule(name);
  const imports = WebAssembly.Module.imports(module);
  const functions = Object.fromEntries(imports.map((entry) => [entry.name, () => 0]));
  const { exports } = new WebAssembly.Instance(module, { env: functions, wasi_snapshot_preview1: functions });
  const memory = exports.memory as WebAssembly.Memory;
  expect(memory.buffer.byteLength).toBe(65536);
  expect(() => memory.grow(1)).toThrow(RangeError);
  // The stack of 4096 bytes lies first, the data after it: overflow traps instead of corrupting data.
  const heapBase = (exports.__heap_base as WebAssembly.Global).value as number;
  const dataEnd = (exports.__data_end as WebAssembly.Global).value as number;
  expect(dataEnd).toBeGreaterThan(4096);
  expect(heapBase).toBeGreaterThanOrEqual(dataEnd);
  expect(heapBase, 'WAMR shrinks the memory to this').toBeLessThan(5120);
});

test.each(all)('modules.json tells the truth of %s, else the page shows a wrong hash', (name) => {
  const entry = builtIndex().find((candidate) => candidate.name === name);
  const bytes = builtBytes(name);
  expect(entry).toMatchObject({
    file: `${name}.wasm`,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    kind: name.endsWith('wasi') ? 'wasi' : 'env',
    language: name.includes('rust') ? 'Rust' : 'C',
  });
});

test.each(all)('%s still says which compiler made it', (name) => {
  const [producers] = WebAssembly.Module.customSections(builtModule(name), 'producers');
  expect(new TextDecoder().decode(producers)).toContain(name.includes('rust') ? 'rustc' : 'clang');
});
