/** One module, as it is, metered, in a window, and sharing its instance: the same to anyone who looks, and stopped in time. */
import { PAGE_BYTES, type ValueType } from '../../web/guest/wasm/module-types.ts';
import { readModule, type ModuleDeclarations } from '../../web/guest/wasm/read-module.ts';
import { Section, sectionReader } from '../../web/guest/wasm/sections.ts';
import {
  CEILING_PAGES,
  runMetered,
  runOriginal,
  runSharing,
  runWindowed,
  transformed,
  type MeteredRun,
  type Run,
  type SharingRun,
} from '../../web/guest/wasm/testing/differential.ts';
import { exportPrefix, trapCodes } from '../../web/guest/wasm/transformed-names.ts';
import { Chance } from './chance.ts';
import { scriptedImports, showTable, type HostCall } from './scripted-imports.ts';
import { countedValues, randomArguments, show, type WasmValue } from './values.ts';

/** Few enough that recursion seldom fills the stack, the depth of which is the engine's own affair. */
const BUDGET = 10_000;
const MAX_CALLS = 12;

/** `count-fuel.py` makes the same. */
const memoryPattern = Uint8Array.from({ length: CEILING_PAGES * PAGE_BYTES }, (_, at) => at * 167 + (at >> 8) * 13);

export interface Invocation {
  name: string;
  values: WasmValue[];
}

/** What one call came to; `retired` is null where nobody counts. */
interface Ending {
  text: string;
  /** Results, or null after a trap. */
  values: string[] | null;
  retired: number | null;
  /** The fuel or the stack ran out: the original is not asked to go there. */
  cut: boolean;
}

/** All that can be seen of a run from the outside. */
export interface Behaviour {
  started: boolean;
  /** Instructions of the start function. */
  startRetired: number | null;
  endings: Ending[];
  hostCalls: HostCall[];
  state: string[];
  /** After the start, and at the end. */
  memories: Uint8Array[];
}

export interface Comparison {
  /** Null when all agree. */
  problem: string | null;
  calls: number;
  values: number;
  traps: number;
  stopped: number;
  /** Calls of a guest that shared its instance with another, which ran before each of them. */
  shared: number;
  /** What an independent count is compared with: the windowed run. */
  counted: { invocations: Invocation[]; behaviour: Behaviour; memoryGrows: boolean } | null;
}

type Mode = 'original' | 'metered' | 'windowed' | 'sharing';
type AnyRun = Run & Partial<SharingRun>;

export function compareModule(bytes: Uint8Array<ArrayBuffer>, seed: number, bulk: boolean): Comparison {
  const declared = readModule(bytes);
  const chance = new Chance(seed, 1);
  const invocations = chooseInvocations(declared, chance);
  const comparison: Comparison = { problem: null, calls: 0, values: 0, traps: 0, stopped: 0, shared: 0, counted: null };
  const run = (mode: Mode, count: number, lastBudget = BUDGET) =>
    behave(mode, bytes, declared, seed, invocations.slice(0, count), lastBudget);
  const fail = (problem: string | null, where: string) => {
    if (problem !== null) comparison.problem ??= `${where}: ${problem}`;
  };

  const metered = run('metered', invocations.length);
  const windowed = run('windowed', invocations.length);
  const overflowed = [metered, windowed].some(overflows);
  if (!overflowed) fail(difference(metered, windowed), 'in a window, against metered only');
  const sound = Math.min(...[metered, windowed].map(soundCalls));
  const toTheCut = sound === windowed.endings.length ? windowed : run('windowed', sound);
  const original = run('original', sound);
  if (!overflows(original)) fail(difference(original, toTheCut), 'in a window, against the original');
  comparison.calls = sound;
  comparison.traps = toTheCut.endings.filter(({ values }) => values === null).length;
  comparison.values = sound - comparison.traps;
  const { memoryGrows, shareable } = transformed(bytes, { window: true }, false);
  if (shareable) {
    const sharing = run('sharing', sound);
    if (!overflows(sharing)) fail(difference(toTheCut, sharing), 'sharing its instance, against a window of its own');
    comparison.shared = sound;
  }
  comparison.counted = { invocations: invocations.slice(0, sound), behaviour: toTheCut, memoryGrows };

  const costs = toTheCut.endings.map(({ retired }) => retired ?? 0);
  const cost = Math.max(0, ...costs);
  if (cost > 1) {
    const costly = costs.indexOf(cost);
    const budget = chance.below(cost);
    const stopped = run('windowed', costly + 1, budget);
    const where = `with a budget of ${budget} of ${cost}`;
    fail(difference(run('metered', costly + 1, budget), stopped), `${where}, in a window, against metered only`);
    fail(overrun(stopped, budget, cost, granularity(declared, bulk)), where);
    if (stopped.endings[costly]?.cut) comparison.stopped++;
  }
  return comparison;
}

function overflows({ endings }: Behaviour): boolean {
  return endings.at(-1)?.text === 'stack overflow';
}

/** Calls before the one at which the fuel or the stack ran out. */
function soundCalls({ endings }: Behaviour): number {
  return endings.filter(({ cut }) => !cut).length;
}

function chooseInvocations(declared: ModuleDeclarations, chance: Chance): Invocation[] {
  const functions = declared.exports.filter(({ kind }) => kind === 'function');
  if (functions.length === 0) return [];
  const rounds = Math.max(1, Math.floor(MAX_CALLS / functions.length));
  return Array.from({ length: rounds }, () => functions)
    .flat()
    .slice(0, MAX_CALLS)
    .map(({ name, index }) => ({
      name,
      values: randomArguments(declared.types[declared.functions[index]!]!, chance),
    }));
}

function behave(
  mode: Mode,
  bytes: Uint8Array<ArrayBuffer>,
  declared: ModuleDeclarations,
  seed: number,
  invocations: Invocation[],
  lastBudget: number,
): Behaviour {
  const host = scriptedImports(declared, seed);
  const startFuel = BUDGET * 10;
  const other = scriptedImports(declared, seed + 1);
  let run: AnyRun;
  try {
    run = start(mode, bytes, [host.imports, other.imports], startFuel);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError)) throw error;
    return { started: false, startRetired: null, endings: [], hostCalls: host.calls, state: host.state(), memories: [] };
  }
  const meter = run.fuel && run.trap ? { fuel: run.fuel, trap: run.trap } : null;
  const startRetired = meter && startFuel - (meter.fuel.value as number);
  const started = run.memory();
  // Zeros tell little: where it was loaded from shows in what is here.
  run.view().set(memoryPattern.subarray(0, started.length));
  const endings: Ending[] = [];
  invocations.forEach(({ name, values }, index) => {
    if (endings.at(-1)?.cut) return;
    const budget = index === invocations.length - 1 ? lastBudget : BUDGET;
    const resultsOf = (called: string): readonly ValueType[] => {
      const { index: number } = declared.exports.find((entry) => entry.name === called)!;
      return declared.types[declared.functions[number]!]!.results;
    };
    const another = invocations.at(-1 - index)!;
    run.aside?.(BUDGET, () => invoke(run.instance, another.name, another.values, resultsOf(another.name), meter));
    if (meter) {
      meter.fuel.value = budget;
      meter.trap.value = trapCodes.none;
      host.meter.retired = () => budget - (meter.fuel.value as number);
    }
    endings.push(invoke(run.instance, name, values, resultsOf(name), meter));
    if (meter) endings.at(-1)!.retired = budget - (meter.fuel.value as number);
  });
  if (run.guardsIntact?.() === false) throw new Error('a byte outside the window was written');
  return { started: true, startRetired, endings, hostCalls: host.calls, state: [...host.state(), ...exportedState(run.instance)], memories: [started, run.memory()] };
}

/** @param imports of the guest, and of the one that it shares its instance with */
function start(
  mode: Mode,
  bytes: Uint8Array<ArrayBuffer>,
  imports: [WebAssembly.Imports, WebAssembly.Imports],
  startFuel: number,
): AnyRun {
  if (mode === 'original') return runOriginal(bytes, imports[0]);
  if (mode === 'metered') return runMetered(bytes, imports[0], { startFuel });
  if (mode === 'windowed') return runWindowed(bytes, imports[0], { startFuel });
  const run = runSharing(bytes, imports, { startFuel });
  if (!run) throw new Error('Its instance cannot be shared.');
  return run;
}

function invoke(
  instance: WebAssembly.Instance,
  name: string,
  values: WasmValue[],
  results: readonly ValueType[],
  meter: Pick<MeteredRun, 'trap'> | null,
): Ending {
  const trapped = { values: null, retired: null, cut: false };
  try {
    const result = (instance.exports[name] as (...all: unknown[]) => unknown)(...values);
    return { ...trapped, text: show(result), values: countedValues(result, results) };
  } catch (error) {
    if (error instanceof RangeError) return { ...trapped, text: 'stack overflow', cut: true };
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    if (meter?.trap.value === trapCodes.outOfFuel) return { ...trapped, text: 'out of fuel', cut: true };
    const outOfBounds = meter?.trap.value === trapCodes.outOfBounds;
    return { ...trapped, text: outOfBounds ? 'memory access out of bounds' : error.message };
  }
}

function exportedState(instance: WebAssembly.Instance): string[] {
  return Object.entries(instance.exports).flatMap(([name, value]) => {
    if (name.startsWith(exportPrefix)) return [];
    if (value instanceof WebAssembly.Global) return [`${name} = ${show(value.value)}`];
    if (value instanceof WebAssembly.Table) return [`${name} = ${showTable(value)}`];
    return [];
  });
}

function difference(expected: Behaviour, found: Behaviour): string | null {
  if (expected.started !== found.started) return `${found.started ? 'it started' : 'it did not start'}, unlike the other`;
  // Counts are compared where both count.
  const counts = (retired: number | null, other: number | null | undefined) => (other == null ? '' : ` after ${retired}`);
  const lines = (of: Behaviour, other: Behaviour) => [
    `start${of.startRetired === null ? '' : counts(of.startRetired, other.startRetired)}`,
    ...of.endings.map(({ text, retired }, index) => `call ${index}: ${text}${retired === null ? '' : counts(retired, other.endings[index]?.retired)}`),
    ...of.hostCalls.map((call, index) => `host: ${call.name}(${call.arguments.join()})${call.retired === null ? '' : counts(call.retired, other.hostCalls[index]?.retired)}`),
    ...of.state,
  ];
  const expectedLines = lines(expected, found);
  const foundLines = lines(found, expected);
  const at = foundLines.findIndex((line, index) => line !== expectedLines[index]);
  if (at >= 0 || expectedLines.length !== foundLines.length) {
    return `"${foundLines[at]}" instead of "${expectedLines[at]}"`;
  }
  for (const [index, memory] of found.memories.entries()) {
    const other = expected.memories[index]!;
    if (Buffer.compare(memory, other) === 0) continue;
    const byte = memory.findIndex((value, at) => value !== other[at]);
    return `${index === 0 ? 'first' : 'at the end'} the memory of ${memory.length} bytes differs at ${byte} from one of ${other.length}`;
  }
  return null;
}

function overrun({ endings }: Behaviour, budget: number, cost: number, most: number): string | null {
  const { retired, cut } = endings.at(-1)!;
  if (retired! > budget + most) return `it ran for ${retired}, and ${most} more than the budget are allowed`;
  if (cut) return retired! > budget ? null : `it was stopped after ${retired} already`;
  return retired === cost ? null : `it ended after ${retired}`;
}

/** What the meter promises: instructions of one body, each of which takes a byte at least, and one bulk operation. */
function granularity({ bytes, sections }: ModuleDeclarations, bulk: boolean): number {
  const code = sections.find(({ id }) => id === Section.code);
  if (!code) return 0;
  const reader = sectionReader(bytes, code);
  let largest = 0;
  for (let left = reader.u32(); left > 0; left--) {
    const size = reader.u32();
    largest = Math.max(largest, size);
    reader.skip(size);
  }
  return largest + (bulk ? (CEILING_PAGES * PAGE_BYTES) / 16 : 0);
}
