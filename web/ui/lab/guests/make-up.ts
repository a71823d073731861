/** Two inspections laid side by side. */
import type { FunctionSize, Inspection, InstructionCounts, RunCost } from '../../../lab/compare/compare-port.ts';
import { formatBytes, formatCount, notCounted } from '../../parts/format.ts';

export interface SizeRow {
  name: string;
  /** Bytes; null where the module has none. */
  a: number | null;
  b: number | null;
}

export interface FactRow {
  label: string;
  a: string;
  b: string;
  /** Said in full when pointed at. */
  hint?: string;
  /** Differs by nature: the difference is not marked. */
  plain?: boolean;
}

/** In the order of the file; what only one has stands where that one has it. */
export function sectionRows(a: Inspection | null, b: Inspection | null): SizeRow[] {
  const sizes = (inspection: Inspection | null): Map<string, number> => {
    const sums = new Map<string, number>();
    for (const { name, custom, sizeBytes } of inspection?.sections ?? []) {
      const title = custom ? `${name} (custom)` : name;
      sums.set(title, (sums.get(title) ?? 0) + sizeBytes);
    }
    return sums;
  };
  const [ofA, ofB] = [sizes(a), sizes(b)];
  const rows = [...new Set([...ofA.keys(), ...ofB.keys()])].map((name) => ({ name, a: ofA.get(name) ?? null, b: ofB.get(name) ?? null }));
  return [...rows, { name: 'whole file', a: a?.sizeBytes ?? null, b: b?.sizeBytes ?? null }];
}

export interface FunctionRow {
  name: string;
  a: FunctionSize | null;
  b: FunctionSize | null;
}

/** Functions of the same name stand in one row; a nameless one stands alone. */
export function functionRows(a: Inspection | null, b: Inspection | null): FunctionRow[] {
  const rows: FunctionRow[] = (a?.functions ?? []).map((each) => ({ name: titleOf(each), a: each, b: null }));
  const named = new Map(rows.flatMap((row) => (nameOf(row.a!) === null ? [] : [[nameOf(row.a!)!, row] as const])));
  for (const each of b?.functions ?? []) {
    const name = nameOf(each);
    const row = name === null ? undefined : named.get(name);
    if (row && row.b === null) row.b = each;
    else rows.push({ name: titleOf(each), a: null, b: each });
  }
  return rows;
}

function nameOf({ name, exportedAs }: FunctionSize): string | null {
  return exportedAs[0] ?? name;
}

function titleOf(each: FunctionSize): string {
  return nameOf(each) ?? `function ${each.index}`;
}

export interface ExternalRow {
  key: string;
  direction: 'import' | 'export';
  name: string;
  /** Its type; null where the module does not have it. */
  a: string | null;
  b: string | null;
}

export function externalRows(a: Inspection | null, b: Inspection | null): ExternalRow[] {
  const rows = new Map<string, ExternalRow>();
  const put = (direction: ExternalRow['direction'], name: string, side: 'a' | 'b', text: string): void => {
    const key = `${direction} ${name}`;
    const row = rows.get(key) ?? { key, direction, name, a: null, b: null };
    rows.set(key, { ...row, [side]: text });
  };
  for (const [side, inspection] of [['a', a], ['b', b]] as const) {
    for (const { module, name, text } of inspection?.imports ?? []) put('import', `${module}.${name}`, side, text);
    for (const { name, text } of inspection?.exports ?? []) put('export', name, side, text);
  }
  return [...rows.values()].sort((x, y) => y.direction.localeCompare(x.direction) || x.name.localeCompare(y.name));
}

export function factRows(a: { inspection: Inspection | null; cost: RunCost | null }, b: { inspection: Inspection | null; cost: RunCost | null }): FactRow[] {
  const row = (label: string, of: (inspection: Inspection) => string, more: Partial<FactRow> = {}): FactRow => ({
    label,
    a: a.inspection ? of(a.inspection) : '…',
    b: b.inspection ? of(b.inspection) : '…',
    ...more,
  });
  const cost = (label: string, of: (cost: RunCost) => string, more: Partial<FactRow> = {}): FactRow => ({ label, a: a.cost ? of(a.cost) : '…', b: b.cost ? of(b.cost) : '…', ...more });
  return [
    row('Language', ({ language }) => language),
    row('Made by', ({ producers }) => producers.map(({ name, version }) => `${name} ${version}`.trim()).join(', ') || 'does not say'),
    row('SHA-256', ({ sha256 }) => `${sha256.slice(0, 16)}…`, { plain: true }),
    row('Size', ({ sizeBytes }) => `${formatCount(sizeBytes)} bytes`),
    row('Functions', ({ functions }) => formatCount(functions.length)),
    row('Memory declared', ({ memory }) => (memory === null ? 'none' : `${formatBytes(memory.initialBytes)}, at most ${memory.maxBytes === null ? 'any' : formatBytes(memory.maxBytes)}`)),
    row('Static data', ({ memory }) => (memory === null ? 'none' : formatBytes(memory.dataBytes))),
    row('Memory used', ({ memory }) => (memory?.heapBase == null ? 'does not say' : formatBytes(memory.heapBase)), { hint: 'Up to __heap_base: data and stack. Without an allocator nothing lies above.' }),
    row('Stack', ({ stack, stackNote }) => (stack === null ? stackNote : formatBytes(stack.top - stack.lowest)), { hint: 'Room for the shadow stack in linear memory' }),
    cost('Stack depth reached', ({ stackReachedBytes, stackReachedIn, stackNote }) => (stackReachedBytes === null ? stackNote : `${formatCount(stackReachedBytes)} bytes${stackReachedIn ? ` in ${stackReachedIn}` : ''}`), {
      hint: 'The deepest of all runs with the same inputs',
    }),
    cost('Memory at the end', ({ memoryBytes }) => (memoryBytes === null ? notCounted : formatBytes(memoryBytes))),
    ...(['process', 'filter_value', 'detect_anomaly', 'step'] as const).map((of) =>
      cost(of === 'step' ? 'Instructions per step' : `Instructions of ${of}`, (each) => instructionsText(each, of), { hint: 'Retired, as the transformed module counts them: mean, and least to most' }),
    ),
  ];
}

function instructionsText({ instructions, instructionsNote }: RunCost, of: InstructionCounts['of']): string {
  const counted = instructions.find((each) => each.of === of);
  if (!counted) return instructionsNote || 'none';
  const { mean, min, max } = counted.summary;
  return min === max ? formatCount(min) : `${mean < 100 ? mean.toFixed(1) : formatCount(Math.round(mean))} (${formatCount(min)} to ${formatCount(max)})`;
}
