/** Whether a module can be a guest here, and if not, why, in words for the person who built it. */
import { foreignExports, guestExports, hostImports, importModule } from './abi.gen.ts';
import { reportByEngine } from './report-by-engine.ts';
import { InvalidModuleError, UnsupportedFeatureError } from './wasm/invalid-module.ts';
import { inspectModule, type ImportReport, type ModuleReport } from './wasm/inspect.ts';
import { describeSignature, type ExternalKind, type ExternalType } from './wasm/module-types.ts';

export interface CheckLimits {
  /** Most memory a guest may begin with, in pages of 64 KiB. */
  maxPages: number;
  maxBytes: number;
}

export interface CheckedGuest {
  imports: { module: string; name: string }[];
  exports: { name: string; kind: ExternalKind }[];
  language: string;
  /** The edge loop: the export to call, and with how many zeros. */
  entry: { name: string; params: 0 | 2 } | null;
  process: boolean;
  filterValue: boolean;
  detectAnomaly: boolean;
  /** `maxPages` is what the module declares, capped to the limit. */
  memory: { initialPages: number; maxPages: number };
  /** Byte addresses, where the module exports them. */
  dataEnd?: number;
  heapBase?: number;
}

export type CheckResult = { ok: true; guest: CheckedGuest } | { ok: false; reason: string };

/** More entries than any guest needs; each costs the engine 8 to 16 bytes in every instance. */
const MAX_TABLE_ENTRIES = 65_536;

interface Signature {
  readonly params: readonly string[];
  readonly results: readonly string[];
}

const entrySignatures: readonly Signature[] = [
  { params: [], results: [] },
  guestExports.main,
  foreignExports.main,
];
const streamExports = ['process', 'filter_value', 'detect_anomaly'] as const;

/** Never throws for what is in the bytes: every refusal is a sentence. */
export function checkGuest(bytes: Uint8Array, limits: CheckLimits): CheckResult {
  if (bytes.length > limits.maxBytes) {
    return refuse(
      `The file has ${bytes.length} bytes; a guest may have at most ${limits.maxBytes}. Build it for size and strip it.`,
    );
  }
  let report: ModuleReport;
  try {
    report = readReport(bytes);
  } catch (error) {
    if (error instanceof InvalidModuleError) return refuse(error.message);
    throw error;
  }
  const reason =
    objectFileProblem(report) ??
    firstProblem(report.imports, importProblem) ??
    memoryProblem(report, limits.maxPages) ??
    tableProblem(report) ??
    exportProblem(report) ??
    validationProblem(bytes);
  if (reason !== null) return refuse(reason);
  const memory = report.memory!;
  return {
    ok: true,
    guest: {
      imports: report.imports.map(({ module, name }) => ({ module, name })),
      exports: report.exports.map(({ name, type }) => ({ name, kind: type.kind })),
      language: report.language,
      entry: findEntry(report),
      process: functionType(report, 'process') !== null,
      filterValue: functionType(report, 'filter_value') !== null,
      detectAnomaly: functionType(report, 'detect_anomaly') !== null,
      memory: {
        initialPages: memory.initialPages,
        maxPages: Math.min(memory.maxPages ?? limits.maxPages, limits.maxPages),
      },
      dataEnd: report.dataEnd,
      heapBase: report.heapBase,
    },
  };
}

/** Throws `InvalidModuleError`. */
function readReport(bytes: Uint8Array): ModuleReport {
  try {
    return inspectModule(bytes);
  } catch (error) {
    if (!(error instanceof UnsupportedFeatureError)) throw error;
    const problem = validationProblem(bytes);
    if (problem !== null) throw new InvalidModuleError(problem, error.offset);
    return reportByEngine(bytes, new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>));
  }
}

function refuse(reason: string): CheckResult {
  return { ok: false, reason };
}

function objectFileProblem(report: ModuleReport): string | null {
  if (!report.sections.some(({ id, name }) => id === 0 && name === 'linking')) return null;
  return 'It is an object file that was not linked. Link it with wasm-ld, or leave out the option `-c`.';
}

function importProblem({ module, name, type }: ImportReport): string | null {
  if (type.kind === 'memory') {
    return `It imports its memory (\`${module}.${name}\`). A guest brings its own: link it without --import-memory.`;
  }
  if (/^wasi/.test(module)) {
    return (
      `It imports \`${module}.${name}\`: this is a WASI program, which talks over standard input and output. ` +
      `A guest may import only functions of \`${importModule}\`: build it without WASI (clang: -nostdlib; ` +
      'Rust: wasm32-unknown-unknown).'
    );
  }
  const known = module === importModule && Object.hasOwn(hostImports, name);
  if (!known || type.kind !== 'function') {
    const what = type.kind === 'function' ? '' : `the ${type.kind} `;
    const offered = Object.keys(hostImports).map((offer) => `\`${importModule}.${offer}\``);
    return (
      `It imports ${what}\`${module}.${name}\`, which this host does not offer. ` +
      `A guest may import only the functions ${listOf(offered, 'and')}; rebuild it without the other.`
    );
  }
  const expected = hostImports[name as keyof typeof hostImports];
  if (sameSignature(expected, type.signature)) return null;
  return (
    `It imports \`${module}.${name}\` as ${describeSignature(type.signature)}, ` +
    `but this host offers ${describeSignature(expected)}. Correct its declaration and rebuild.`
  );
}

function memoryProblem({ memory }: ModuleReport, maxPages: number): string | null {
  if (!memory)
    return 'It has no memory, so the host could pass it no text. Build it with a memory of one page.';
  if (memory.initialPages <= maxPages) return null;
  return (
    `It asks for ${memory.initialPages} pages of memory (${memory.initialPages * 64} KiB) to begin with; ` +
    `a guest may have ${maxPages} (${maxPages * 64} KiB). Link it with a smaller stack and --initial-memory.`
  );
}

function tableProblem({ tables }: ModuleReport): string | null {
  const entries = tables.reduce((sum, { initial }) => sum + initial, 0);
  if (entries <= MAX_TABLE_ENTRIES) return null;
  return `Its tables have ${entries} entries; a guest may have ${MAX_TABLE_ENTRIES}.`;
}

function exportProblem(report: ModuleReport): string | null {
  for (const { name, type } of report.exports) {
    const expected = usableAs(name);
    if (!expected || fits(type, expected)) continue;
    const found = type.kind === 'function' ? describeSignature(type.signature) : `a ${type.kind}`;
    return (
      `It exports \`${name}\` as ${found}, but a guest's \`${name}\` is ` +
      `${listOf(expected.map(describeSignature), 'or')}. Correct it and rebuild.`
    );
  }
  const names: string[] = ['main', ...streamExports];
  if (findEntry(report) || streamExports.some((name) => functionType(report, name))) return null;
  const offered = report.exports
    .filter(({ type }) => type.kind === 'function')
    .map(({ name }) => `\`${name}\``);
  return (
    `It exports none of ${listOf(
      names.map((name) => `\`${name}\``),
      'and',
    )}, so there is nothing to run` +
    (offered.length > 0 ? ` (it exports ${shortList(offered)}). ` : '. ') +
    'Export at least one of them (clang: -Wl,--export=main; Rust: #[no_mangle] pub extern "C").'
  );
}

function usableAs(name: string): readonly Signature[] | null {
  if (name === 'main') return entrySignatures;
  const stream = streamExports.find((known) => known === name);
  return stream ? [guestExports[stream]] : null;
}

function findEntry(report: ModuleReport): CheckedGuest['entry'] {
  const main = functionType(report, 'main');
  if (main && main.params.length === 0) return { name: 'main', params: 0 };
  const plain = functionType(report, '__main_void');
  if (plain && sameSignature(plain, foreignExports.__main_void)) return { name: '__main_void', params: 0 };
  return main ? { name: 'main', params: 2 } : null;
}

function functionType(report: ModuleReport, name: string): Signature | null {
  const type = report.exports.find((entry) => entry.name === name)?.type;
  return type?.kind === 'function' ? type.signature : null;
}

function fits(type: ExternalType, expected: readonly Signature[]): boolean {
  return type.kind === 'function' && expected.some((signature) => sameSignature(signature, type.signature));
}

function sameSignature(a: Signature, b: Signature): boolean {
  return a.params.join() === b.params.join() && a.results.join() === b.results.join();
}

function validationProblem(bytes: Uint8Array): string | null {
  const source = bytes as Uint8Array<ArrayBuffer>;
  if (WebAssembly.validate(source)) return null;
  let detail = '';
  try {
    new WebAssembly.Module(source);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) detail = ` The engine says: ${error.message}.`;
  }
  return `The module does not validate: its compiler is broken, or it uses a feature this browser lacks.${detail}`;
}

function firstProblem<T>(items: readonly T[], problem: (item: T) => string | null): string | null {
  for (const item of items) {
    const reason = problem(item);
    if (reason !== null) return reason;
  }
  return null;
}

function listOf(items: readonly string[], conjunction: 'and' | 'or'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1)}`;
}

function shortList(items: readonly string[]): string {
  const SHOWN = 6;
  const more = items.length - SHOWN;
  return more > 0 ? `${items.slice(0, SHOWN).join(', ')} and ${more} more` : listOf(items, 'and');
}
