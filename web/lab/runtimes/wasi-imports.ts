/** Whether @wasmer/sdk can take a module at all: one that it cannot instantiate ends its workers, so it is looked at first. */
import { InvalidModuleError, UnsupportedFeatureError } from '../../guest/wasm/invalid-module.ts';
import { inspectModule, type ImportReport, type ModuleReport } from '../../guest/wasm/inspect.ts';
import { describeSignature } from '../../guest/wasm/module-types.ts';
import { wasiModule, wasiSignature } from './wasi-preview1.ts';

/** A sentence why the module is no program for it; null when it is one. */
export function wasiRefusal(bytes: Uint8Array): string | null {
  let report: ModuleReport;
  try {
    report = inspectModule(bytes);
  } catch (error) {
    if (!(error instanceof InvalidModuleError)) throw error;
    const why = error instanceof UnsupportedFeatureError ? `It declares ${error.feature}, so what it imports cannot be checked before Wasmer gets it. ` : '';
    return `${why}${error.message}`;
  }
  if (!WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>)) {
    return 'The module does not validate: its compiler is broken, or it uses a feature this browser lacks.';
  }
  for (const entry of report.imports) {
    const problem = importProblem(entry);
    if (problem !== null) return problem;
  }
  const start = report.exports.find(({ name }) => name === '_start')?.type;
  if (start?.kind !== 'function' || start.signature.params.length + start.signature.results.length > 0) {
    return 'It exports no `_start` without parameters and results, so it is no WASI program, and Wasmer in the browser runs nothing else. Build it as a program for WASI.';
  }
  if (!report.exports.some(({ name, type }) => name === 'memory' && type.kind === 'memory')) {
    return 'It exports no `memory`, without which WASI can neither read nor write for it.';
  }
  return null;
}

function importProblem({ module, name, type }: ImportReport): string | null {
  const what = type.kind === 'function' ? 'the function' : `the ${type.kind}`;
  if (module !== wasiModule || type.kind !== 'function') {
    return `It imports ${what} \`${module}.${name}\`, and Wasmer in the browser offers WASI alone and takes no functions of the page. Build the module for WASI.`;
  }
  const expected = wasiSignature(name);
  if (!expected) return `It imports \`${module}.${name}\`, which WASI preview 1 does not have, or which needs a network. Build it without.`;
  const [offered, wanted] = [describeSignature(expected), describeSignature(type.signature)];
  return offered === wanted ? null : `It imports \`${module}.${name}\` as ${wanted}, but WASI offers ${offered}. Correct its declaration and rebuild.`;
}
