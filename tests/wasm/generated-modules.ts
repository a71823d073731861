/** Random valid modules of the kinds that the transform takes, from wasm-smith. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wasmTools } from '../../scripts/setup/wasm-tools.mjs';
import { assemble } from '../../web/guest/wasm/testing/assemble.ts';
import { Chance } from './chance.ts';
import { shapeConstants } from './shape-constants.ts';

/** Where modules are kept while they are looked at, and those that failed for good. */
export const moduleFolder = fileURLToPath(new URL('../../node_modules/.cache/wasm-fuzz', import.meta.url));

export interface GeneratedModule {
  index: number;
  bytes: Uint8Array<ArrayBuffer>;
  /** It counts its own loops and calls and ends by itself, so the original may run too. */
  terminates: boolean;
  bulk: boolean;
}

/** Of these a module keeps nothing. */
const callImports = `
  (import "env" "tick" (func)) (import "env" "twice" (func (param i32) (result i32)))
  (import "env" "mix" (func (param i64 f32 f64) (result f64))) (import "env" "wide" (func (result i64)))
  (import "env" "three" (func (param i32 i32 i32))) (import "env" "constant" (global i32))`;
const plainImports = `${callImports}
  (import "env" "counter" (global (mut i64)))
  (import "env" "ratio" (global (mut f32))) (import "env" "table" (table 3 9 funcref))`;
const referenceImports = `
  (import "env" "swap" (func (param externref i32) (result i32 externref)))
  (import "env" "choose" (func (param funcref) (result funcref)))
  (import "env" "thing" (global (mut externref))) (import "env" "things" (table 2 7 externref))`;

/** Node 20 does not know sums in constant expressions yet. */
const extendedConst = WebAssembly.validate(
  assemble('(global i32 (i32.add (i32.const 1) (i32.const 2)))'),
);

/** What the transform refuses. */
const laterFeatures = [
  ...['simd', 'relaxed-simd', 'threads', 'tail-call', 'exceptions', 'memory64', 'gc'],
  ...['custom-page-sizes', 'wide-arithmetic', 'shared-everything-threads'],
];
/** Proposals too young for a name. */
const off = ['--compact-imports-enabled', 'false', '--custom-descriptors-enabled', 'false'];

/** Makes them in one process each, `index` after `index`; the same seed gives the same modules. */
export class ModuleGenerator {
  readonly #seed: number;
  readonly #program = wasmTools().wasmTools;
  readonly #callImports = join(moduleFolder, 'call-imports.wasm');
  readonly #plainImports = join(moduleFolder, 'plain-imports.wasm');
  readonly #allImports = join(moduleFolder, 'all-imports.wasm');

  constructor(seed: number) {
    this.#seed = seed;
    mkdirSync(moduleFolder, { recursive: true });
    writeFileSync(this.#callImports, assemble(callImports));
    writeFileSync(this.#plainImports, assemble(plainImports));
    writeFileSync(this.#allImports, assemble(plainImports + referenceImports));
  }

  /** With `later`, some features that the transform refuses may be in it. */
  async make(index: number, later = false): Promise<GeneratedModule> {
    // Some choices lead wasm-smith nowhere.
    for (let attempt = 0; attempt < 20; attempt++) {
      const made = await this.#attempt(index, new Chance(this.#seed, index * 32 + attempt), later);
      if (made) return made;
    }
    throw new Error(`wasm-smith made no module for seed ${this.#seed}, index ${index}.`);
  }

  async #attempt(index: number, chance: Chance, later: boolean): Promise<GeneratedModule | null> {
    const often = () => chance.below(4) > 0;
    const bulk = chance.below(3) === 0;
    const terminates = chance.below(2) > 0;
    const references = bulk && often();
    // Few others can share an instance, as guests of compilers do.
    const modest = !references && chance.below(2) > 0;
    const options: Record<string, string | number | boolean> = {
      'bulk-memory-enabled': bulk,
      'reference-types-enabled': references,
      'multi-value-enabled': often(),
      'saturating-float-to-int-enabled': often(),
      'sign-extension-ops-enabled': often(),
      'extended-const-enabled': extendedConst && chance.below(2) > 0,
      'allow-floats': often(),
      // Which NaN comes out is the engine's choice; so it is made the same before anything can tell.
      'canonicalize-nans': true,
      'disallow-traps': chance.below(2) > 0,
      // A start function that never ends would take the original with it.
      'allow-start-export': terminates,
      'export-everything': true,
      'generate-custom-sections': chance.below(8) === 0,
      'min-uleb-size': chance.pick([1, 1, 1, 2, 5]),
      'min-funcs': 1,
      'max-funcs': chance.pick([2, 5, 20]),
      'max-instructions': chance.pick([30, 100, 400]),
      'min-memories': often() ? 1 : 0,
      // What grows further than a window may is compared by hand-written tests.
      'memory-max-size-required': true,
      'max-memory32-bytes': chance.pick([0, 1, 1, 1, 2, 4]) * 65_536,
      'memory-offset-choices': chance.pick(['90,9,1', '75,20,5', '30,60,10']),
      'table-max-size-required': true,
      'max-tables': references ? 3 : 1,
      'max-table-elements': 40,
      'max-globals': modest ? 3 : 12,
      'max-types': 12,
      'max-data-segments': 5,
      'max-element-segments': 5,
      'max-elements': 10,
      'available-imports': references ? this.#allImports : modest ? this.#callImports : this.#plainImports,
    };
    for (const feature of laterFeatures) options[`${feature}-enabled`] = later && chance.below(4) === 0;
    if (options['gc-enabled']) options['reference-types-enabled'] = options['bulk-memory-enabled'] = true;
    if (later) options['max-memories'] = chance.pick([1, 1, 2]);
    const parameters = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    if (terminates) parameters.push('--ensure-termination', '--fuel', '300');
    const path = join(moduleFolder, `module-${index}.wasm`);
    const program = spawn(this.#program, ['smith', ...off, ...parameters, '-o', path], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let complaint = '';
    program.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
    program.stdin.on('error', () => undefined);
    program.stdin.end(chance.bytes(chance.pick([300, 1000, 3000, 8000])));
    const status = await new Promise((resolve, reject) => {
      program.on('error', reject);
      program.on('close', resolve);
    });
    if (status === 2) return null;
    if (status !== 0) throw new Error(`wasm-smith failed: ${complaint}`);
    const bytes = Uint8Array.from(readFileSync(path));
    rmSync(path);
    if (!later && chance.below(4) > 0) shapeConstants(bytes, chance);
    return { index, bytes, terminates, bulk };
  }
}
