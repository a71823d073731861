/**
 * How each guest module is made. C and Rust go through the same linker with the same flags, so
 * that what differs between two modules is the compilers' work alone. rustc only emits its object file:
 * lld 22 refuses the metadata member in the archives that rustc 1.63 would pass to it.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Toolchain } from './toolchain.ts';

export interface Recipe {
  name: string;
  /** Where the module is committed, relative to the repository. */
  file: string;
  language: 'C' | 'Rust';
  kind: 'env' | 'wasi';
  sources: string[];
  compilerFlags: string[];
  linkerFlags: string[];
}

const modules = 'web/guest/modules';

// The oldest instruction set, which rustc 1.63 emits as well and every runtime of the continuum takes.
const cFlags = [
  '--target=wasm32', '-mcpu=mvp', '-std=c11', '-Os', '-flto', '-ffreestanding', '-fno-builtin',
  '-Wall', '-Wextra', '-Werror',
];
const rustFlags = [
  '--edition=2021', '--crate-name=irrigation', '--crate-type=cdylib', '--target=wasm32-unknown-unknown',
  '-Copt-level=s', '-Clto=fat', '-Ccodegen-units=1', '-Cpanic=abort', '-Dwarnings',
];
// `if-defined` because C names its exports by attribute, Rust by symbol.
const linkerFlags = (...exports: string[]) => [
  '--no-entry', '--stack-first', '-zstack-size=4096', '--initial-memory=65536', '--max-memory=65536',
  '--strip-all', '--keep-section=producers',
  ...[...exports, '__heap_base', '__data_end'].map((name) => `--export-if-defined=${name}`),
];
const envExports = ['main', 'process', 'filter_value', 'detect_anomaly'];
const cSources = ['irrigation', 'text'].map((name) => `guest-c/src/${name}.c`);
const rustSources = ['guest-rust/src/lib.rs'];

export const recipes: Recipe[] = [
  {
    name: 'irrigation-c',
    file: `${modules}/irrigation-c.wasm`,
    language: 'C',
    kind: 'env',
    sources: ['guest-c/src/guest.c', ...cSources],
    compilerFlags: cFlags,
    linkerFlags: linkerFlags(...envExports),
  },
  {
    name: 'irrigation-rust',
    file: `${modules}/irrigation-rust.wasm`,
    language: 'Rust',
    kind: 'env',
    sources: rustSources,
    compilerFlags: rustFlags,
    linkerFlags: linkerFlags(...envExports),
  },
  {
    name: 'irrigation-c-wasi',
    file: `${modules}/irrigation-c-wasi.wasm`,
    language: 'C',
    kind: 'wasi',
    sources: ['guest-c/src/wasi.c', 'guest-c/src/lines.c', ...cSources],
    compilerFlags: cFlags,
    linkerFlags: linkerFlags('_start'),
  },
  {
    name: 'irrigation-rust-wasi',
    file: `${modules}/irrigation-rust-wasi.wasm`,
    language: 'Rust',
    kind: 'wasi',
    sources: rustSources,
    compilerFlags: [...rustFlags, '--cfg=feature="wasi"'],
    linkerFlags: linkerFlags('_start'),
  },
];

const fleetLoop = (name: string, cycleMs: number): Recipe => ({
  name,
  file: `tests/guests/${name}.wasm`,
  language: 'C',
  kind: 'env',
  sources: ['tests/guests/fleet-loop.c'],
  compilerFlags: ['--target=wasm32', '-Os', '-ffreestanding', `-DCYCLE_MS=${cycleMs}`],
  linkerFlags: ['--no-entry', '--export-all', '--stack-first', '-zstack-size=4096', '--initial-memory=65536'],
});

/** Modules as people in the field build theirs; only tests and benchmarks run them. */
export const foreignRecipes: Recipe[] = [
  {
    name: 'foreign-export-all',
    file: 'tests/guests/foreign-export-all.wasm',
    language: 'C',
    kind: 'env',
    sources: ['tests/guests/foreign.c'],
    compilerFlags: ['--target=wasm32', '-mcpu=mvp', '-Os', '-ffreestanding'],
    linkerFlags: ['--no-entry', '--export-all'],
  },
  fleetLoop('fleet-loop', 3000),
  fleetLoop('fleet-loop-30s', 30_000),
  {
    name: 'simd',
    file: 'tests/guests/simd.wasm',
    language: 'C',
    kind: 'env',
    sources: ['tests/guests/simd.c'],
    compilerFlags: ['--target=wasm32', '-msimd128', '-Os', '-ffreestanding'],
    linkerFlags: ['--no-entry', '--export-all', '--stack-first', '-zstack-size=4096', '--initial-memory=65536'],
  },
];

/** Builds one module in a scratch folder and returns its bytes. Throws with the compiler's words. */
export function build(recipe: Recipe, tools: Toolchain, root: string, scratch: string): Buffer {
  const run = (command: string, parameters: string[]) => {
    // Relative sources and a fixed folder, so that no path of this machine gets into a module.
    const result = spawnSync(command, parameters, { cwd: root, encoding: 'utf8' });
    if (result.status !== 0) {
      throw new Error(`${recipe.name} does not build:\n${result.error?.message ?? result.stderr}`);
    }
  };
  const objects = recipe.sources.map((_, index) => join(scratch, `${recipe.name}-${index}.o`));
  recipe.sources.forEach((source, index) => {
    const target = ['-o', objects[index] ?? ''];
    if (recipe.language === 'C') run(tools.clang, [...recipe.compilerFlags, '-c', source, ...target]);
    else run(tools.rustc, [...recipe.compilerFlags, '--emit=obj', source, ...target]);
  });
  const module = join(scratch, `${recipe.name}.wasm`);
  run(tools.wasmLd, [...recipe.linkerFlags, ...objects, '-o', module]);
  return readFileSync(module);
}
