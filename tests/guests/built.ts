/** The committed guest modules, compiled for tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const builtNames = ['irrigation-c', 'irrigation-rust'] as const;
export const wasiNames = ['irrigation-c-wasi', 'irrigation-rust-wasi'] as const;
export type BuiltName = (typeof builtNames)[number] | (typeof wasiNames)[number];

const folder = join(import.meta.dirname, '../../web/guest/modules');

export interface ModuleEntry {
  name: string;
  file: string;
  language: string;
  kind: 'env' | 'wasi';
  sizeBytes: number;
  sha256: string;
}

export function builtIndex(): ModuleEntry[] {
  return JSON.parse(readFileSync(join(folder, 'modules.json'), 'utf8')) as ModuleEntry[];
}

export function builtBytes(name: BuiltName): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(folder, `${name}.wasm`)));
}

const compiled = new Map<BuiltName, WebAssembly.Module>();

export function builtModule(name: BuiltName): WebAssembly.Module {
  let module = compiled.get(name);
  if (module === undefined) {
    module = new WebAssembly.Module(builtBytes(name));
    compiled.set(name, module);
  }
  return module;
}

export interface GuestFunctions {
  memory: WebAssembly.Memory;
  __heap_base: WebAssembly.Global;
  __data_end: WebAssembly.Global;
  main(): number;
  process(raw: number, dry: number, wet: number, threshold: number): number;
  filter_value(raw: number): number;
  detect_anomaly(raw: number): number;
}

/** A fresh instance; host functions that are not given do nothing and return 0. */
export function instantiate(
  module: WebAssembly.Module,
  env: Record<string, (...values: number[]) => unknown> = {},
): GuestFunctions {
  const imports = WebAssembly.Module.imports(module);
  const functions = Object.fromEntries(imports.map(({ name }) => [name, env[name] ?? (() => 0)]));
  return new WebAssembly.Instance(module, { env: functions }).exports as unknown as GuestFunctions;
}
