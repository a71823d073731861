/** Host functions whose answers depend on how often the host was called, and a record of it all. */
import { Chance } from './chance.ts';
import type { ValueType } from '../../web/guest/wasm/module-types.ts';
import type { ModuleDeclarations } from '../../web/guest/wasm/read-module.ts';
import { randomValue, show, type WasmValue } from './values.ts';

export interface HostCall {
  name: string;
  arguments: string[];
  results: WasmValue[];
  /** Instructions retired so far in this call into the module; null while it starts or where nobody counts. */
  retired: number | null;
}

export interface ScriptedImports {
  imports: WebAssembly.Imports;
  calls: HostCall[];
  /** What tells how far the guest has come. */
  meter: { retired: (() => number) | null };
  /** Imported globals and tables, after a run. */
  state: () => string[];
}

function globalOf(type: ValueType, mutable: boolean): WebAssembly.Global {
  const kind = type === 'funcref' ? 'anyfunc' : type;
  const value = { i32: 5, i64: 6n, f32: 1.5, f64: 2.5 }[type as string];
  return new WebAssembly.Global({ value: kind as WebAssembly.ValueType, mutable }, value ?? null);
}

export function scriptedImports(declared: ModuleDeclarations, seed: number): ScriptedImports {
  const imports: WebAssembly.Imports = {};
  const chance = new Chance(seed, 0);
  const calls: HostCall[] = [];
  const meter: ScriptedImports['meter'] = { retired: null };
  const observed: (() => string)[] = [];
  for (const { module, name, kind, index } of declared.imports) {
    const into = (imports[module] ??= {});
    if (kind === 'function') {
      const { results } = declared.types[declared.functions[index]!]!;
      into[name] = (...values: unknown[]) => {
        const answer = results.map((type) => randomValue(type, chance));
        calls.push({ name, arguments: values.map(show), results: answer, retired: meter.retired?.() ?? null });
        return answer.length > 1 ? answer : answer[0];
      };
    } else if (kind === 'global') {
      const { type, mutable } = declared.globals[index]!;
      const global = globalOf(type, mutable);
      into[name] = global;
      observed.push(() => `${name} = ${show(global.value)}`);
    } else if (kind === 'table') {
      const { element, min, max } = declared.tables[index]!;
      const table = new WebAssembly.Table({
        element: element === 'funcref' ? 'anyfunc' : 'externref',
        initial: min,
        maximum: max ?? undefined,
      });
      into[name] = table;
      observed.push(() => `${name} = ${showTable(table)}`);
    }
  }
  return { imports, calls, meter, state: () => observed.map((read) => read()) };
}

export function showTable(table: WebAssembly.Table): string {
  return Array.from({ length: table.length }, (_, index) => show(table.get(index) ?? null)).join(', ');
}
