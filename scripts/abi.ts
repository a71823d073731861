/**
 * Writes the guest ABI of abi/guest-abi.json as TypeScript, C and Rust.
 * `--check` writes nothing and fails when a file on disk differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import abi from '../abi/guest-abi.json' with { type: 'json' };

const root = join(import.meta.dirname, '..');
const source = 'abi/guest-abi.json';
const banner = `Generated from ${source} by scripts/abi.ts: edit that file, then run \`npm run abi\`.`;

interface FunctionSource {
  params: Record<string, string>;
  results: string[];
  meaning: string;
}
interface NumberSource {
  value: number;
  meaning: string;
}

const screaming = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
const entries = <T>(table: Record<string, T>): [string, T][] => Object.entries(table);

/** The flat integer constants that C and Rust share, in order. */
function integerConstants(): [name: string, value: number, meaning: string | null][] {
  const group = (prefix: string, table: Record<string, number>) =>
    entries(table).map(([name, value]): [string, number, null] => [
      `${prefix}_${screaming(name)}`,
      value,
      null,
    ]);
  const explained = (prefix: string, table: Record<string, NumberSource>) =>
    entries(table).map(([name, { value, meaning }]): [string, number, string] => [
      `${prefix}_${screaming(name)}`,
      value,
      meaning,
    ]);
  return [
    ...group('SENSOR', abi.sensors),
    ...group('PIN', abi.pins),
    ...entries(abi.config).map(([name, { key, meaning }]): [string, number, string] => [
      `CONFIG_${screaming(name)}`,
      key,
      meaning,
    ]),
    ...entries(abi.config).map(([name, config]): [string, number, null] => [
      `DEFAULT_${screaming(name)}`,
      config.default,
      null,
    ]),
    ...group('ANOMALY', abi.anomalies),
    ...group('VERDICT', abi.verdict),
    ...explained('RULE', abi.anomalyRules),
    ...explained('LIMIT', abi.limits),
  ];
}

/** A table of whole numbers as TypeScript. */
function numbers(name: string, doc: string, table: Record<string, number>): string {
  const rows = entries(table).map(([key, value]) => `  ${key}: ${value},\n`);
  return `/** ${doc} */\nexport const ${name} = {\n${rows.join('')}} as const;\n`;
}

function typescript(): string {
  const machineType = (type: string) => (type === 'pointer' ? 'i32' : type);
  const list = (types: string[]) => `[${types.map((type) => `'${machineType(type)}'`).join(', ')}]`;
  const functions = (name: string, doc: string, table: Record<string, FunctionSource>) =>
    `/** ${doc} */\nexport const ${name} = {\n` +
    entries(table)
      .map(
        ([key, { params, results, meaning }]) =>
          `  /** (${Object.keys(params).join(', ')}) ${meaning} */\n` +
          `  ${key}: { params: ${list(Object.values(params))}, results: ${list(results)} },\n`,
      )
      .join('') +
    `} as const satisfies Record<string, GuestSignature>;\n`;
  const explained = (name: string, doc: string, table: Record<string, NumberSource>) =>
    `/** ${doc} */\nexport const ${name} = {\n` +
    entries(table)
      .map(([key, { value, meaning }]) => `  /** ${meaning} */\n  ${key}: ${value},\n`)
      .join('') +
    `} as const;\n`;
  const configKeys = Object.fromEntries(entries(abi.config).map(([name, { key }]) => [name, key]));
  return [
    `/** ${banner} */\n`,
    `export type WasmType = 'i32' | 'i64' | 'f32' | 'f64';\n` +
      `export interface GuestSignature {\n  readonly params: readonly WasmType[];\n` +
      `  readonly results: readonly WasmType[];\n}\n`,
    `export const importModule = '${abi.importModule}';\n` +
      `/** Stands for the publishing node's own prefix, whatever its id. */\n` +
      `export const topicPrefix = '${abi.topicPrefix}';\n`,
    functions('hostImports', 'What a host gives a guest.', abi.imports),
    `export type HostImportName = keyof typeof hostImports;\n`,
    functions('guestExports', 'What a guest may export; any subset will do.', abi.exports),
    `export type GuestExportName = keyof typeof guestExports;\n`,
    functions('foreignExports', 'Other shapes of the edge loop in modules of others.', abi.foreignExports),
    numbers('Sensor', 'Kinds for `read_sensor`.', abi.sensors),
    numbers('Pin', 'The only pins a guest may drive.', abi.pins),
    numbers('ConfigKey', 'Keys for `get_config`.', configKeys),
    `export { configDefaults } from './config-defaults.gen.ts';\n`,
    numbers('Anomaly', 'Codes of `detect_anomaly`.', abi.anomalies),
    numbers('Verdict', 'Bits of the result of `process`.', abi.verdict),
    explained('filterRules', 'Constants of `filter_value`.', abi.filter),
    explained('anomalyRules', 'Constants of `detect_anomaly`.', abi.anomalyRules),
    explained('limits', 'Bounds that hosts and guests keep.', abi.limits),
  ].join('\n');
}

/** Apart from the rest: it is all of the ABI that the page's first screen knows. */
function typescriptDefaults(): string {
  const configDefaults = Object.fromEntries(entries(abi.config).map(([name, config]) => [name, config.default]));
  return [`/** ${banner} */\n`, numbers('configDefaults', 'In force until a configuration arrives.', configDefaults)].join('\n');
}

function cHeader(): string {
  const cType = (type: string) => (type === 'pointer' ? 'const char *' : 'int32_t ');
  const declarations = entries<FunctionSource>(abi.imports).map(([name, { params, results, meaning }]) => {
    const list = entries(params).map(([param, type]) => `${cType(type)}${param}`);
    const result = results[0] === undefined ? 'void ' : cType(results[0]);
    return `/* ${meaning} */\nGUEST_IMPORT(${name})\n${result}${name}(${list.join(', ')});\n`;
  });
  const defines = integerConstants().map(
    ([name, value, meaning]) =>
      `${meaning === null ? '' : `/* ${meaning} */\n`}#define ABI_${name} ${value}\n`,
  );
  return [
    `/* ${banner} */\n#ifndef GUEST_ABI_GEN_H\n#define GUEST_ABI_GEN_H\n`,
    `#include <stdint.h>\n`,
    `/* Compiled natively, the host's functions are plain symbols. */\n#ifdef __wasm__\n` +
      `#define GUEST_IMPORT(name) ` +
      `__attribute__((import_module("${abi.importModule}"), import_name(#name)))\n` +
      `#define GUEST_EXPORT(name) __attribute__((export_name(name)))\n#else\n` +
      `#define GUEST_IMPORT(name)\n#define GUEST_EXPORT(name)\n#endif\n`,
    `#define ABI_TOPIC_PREFIX "${abi.topicPrefix}"\n` +
      defines.join('') +
      `/* ${abi.filter.alpha.meaning} */\n#define ABI_FILTER_ALPHA ${abi.filter.alpha.value}f\n`,
    ...declarations,
    `#endif\n`,
  ].join('\n');
}

function rustModule(): string {
  const rustType = (type: string) => (type === 'pointer' ? '*const u8' : type);
  const constants = integerConstants().map(
    ([name, value, meaning]) =>
      `${meaning === null ? '' : `/// ${meaning}\n`}pub const ${name}: i32 = ${value};\n`,
  );
  const declarations = entries<FunctionSource>(abi.imports).map(([name, { params, results, meaning }]) => {
    const list = entries(params).map(([param, type]) => `${param}: ${rustType(type)}`);
    const result = results[0] === undefined ? '' : ` -> ${rustType(results[0])}`;
    return `            /// ${meaning}\n            pub fn ${name}(${list.join(', ')})${result};\n`;
  });
  return [
    `//! ${banner}\n\n#![allow(dead_code, unused_imports, unused_macros)]\n`,
    constants.join('') +
      `/// ${abi.filter.alpha.meaning}\npub const FILTER_ALPHA: f32 = ${abi.filter.alpha.value};\n`,
    `/// Stands for the publishing node's own prefix; a macro so that \`concat!\` can join it.\n` +
      `macro_rules! topic_prefix {\n    () => {\n        "${abi.topicPrefix}"\n    };\n}\n` +
      `pub(crate) use topic_prefix;\n`,
    `/// Declares the host's functions in the module that uses it, the only one with unsafe code.\n` +
      `macro_rules! host_functions {\n    () => {\n` +
      `        #[link(wasm_import_module = "${abi.importModule}")]\n` +
      `        extern "C" {\n${declarations.join('')}        }\n    };\n}\npub(crate) use host_functions;\n`,
  ].join('\n');
}

const outputs: [path: string, text: string][] = [
  ['web/guest/abi.gen.ts', typescript()],
  ['web/guest/config-defaults.gen.ts', typescriptDefaults()],
  ['guest-c/src/guest_abi.gen.h', cHeader()],
  ['guest-rust/src/abi.gen.rs', rustModule()],
];

const check = process.argv.includes('--check');
for (const [path, text] of outputs) {
  const file = join(root, path);
  if (!check) {
    writeFileSync(file, text);
    continue;
  }
  let onDisk = '';
  try {
    onDisk = readFileSync(file, 'utf8');
  } catch {
    // A missing file differs like any other.
  }
  if (onDisk !== text) {
    console.error(`${path} does not match ${source}: run \`npm run abi\` and commit the result.`);
    process.exitCode = 1;
  }
}
