/** The columns of the list of nodes: what each says, and by what it is sorted. */
import { nodeStates } from '../../sim/snapshot.ts';
import type { NodeColumns, NodeState } from '../../sim/snapshot.ts';
import { formatCount, formatSi } from '../parts/format.ts';
import type { TableColumn } from '../parts/table-column.ts';

export const listColumns: TableColumn[] = [
  { id: 'id', label: 'Node', hint: 'Name', width: 'minmax(5.5rem, 1.3fr)', figures: false },
  { id: 'state', label: 'State', hint: 'State, the gravest first', width: 'minmax(4.6rem, 1fr)', figures: false },
  { id: 'moisture', label: 'Moisture', hint: 'Soil moisture, percent', width: 'minmax(4rem, 0.9fr)', figures: true },
  { id: 'raw', label: 'Raw', hint: 'Last reading, ADC counts', width: 'minmax(2.8rem, 0.7fr)', figures: true },
  { id: 'anomaly', label: 'Anomaly', hint: 'What the fog made of the last reading', width: 'minmax(6.2rem, 1fr)', figures: false },
  { id: 'pump', label: 'Pump', hint: 'Whether it waters', width: 'minmax(2.8rem, 0.6fr)', figures: false },
  { id: 'published', label: 'Published', hint: 'Messages since the start', width: 'minmax(4.2rem, 0.9fr)', figures: true },
  { id: 'energy', label: 'Energy', hint: 'Since the start, joules', width: 'minmax(4rem, 0.9fr)', figures: true },
  { id: 'instructions', label: 'Instr./step', hint: 'Instructions that the last step retired', width: 'minmax(4.8rem, 0.9fr)', figures: true },
];

/** Shown wherever there is little room, together with the column that sorts. */
const essential = ['id', 'state', 'moisture'];

export function columnsFor(widthPx: number, sorted: string): TableColumn[] {
  if (widthPx === 0 || widthPx >= 640) return listColumns;
  const extra = essential.includes(sorted) ? 'published' : sorted;
  const wanted = widthPx >= 460 ? [...essential, 'anomaly', 'pump', extra] : [...essential, extra];
  return listColumns.filter(({ id }) => wanted.includes(id));
}

/** A node that needs a look has more weight than one that runs. */
const weights: Record<NodeState, number> = { running: 0, idle: 1, booting: 2, off: 3, restarting: 4, faulted: 5 };

/** What a column is sorted by; null for the name. */
export function sortKey(nodes: NodeColumns, column: string): ((index: number) => number) | null {
  switch (column) {
    case 'state':
      return (index) => weights[nodeStates[nodes.state[index]!] ?? 'idle'];
    case 'moisture':
      return (index) => nodes.percent[index]!;
    case 'raw':
      return (index) => nodes.raw[index]!;
    case 'anomaly':
      return (index) => nodes.anomaly[index]!;
    case 'pump':
      return (index) => (nodes.outputs[index]! >> 3) & 1;
    case 'published':
      return (index) => nodes.published[index]!;
    case 'energy':
      return (index) => nodes.energyJ[index]!;
    case 'instructions':
      return (index) => nodes.instructionsPerStep[index]!;
    default:
      return null;
  }
}

const known = (value: number, format: (value: number) => string): string => (Number.isFinite(value) ? format(value) : '–');

/** The text of a cell that needs no mark of its own. */
export function cellText(nodes: NodeColumns, index: number, column: string): string {
  switch (column) {
    case 'moisture':
      return known(nodes.percent[index]!, (value) => `${Math.round(value)} %`);
    case 'raw':
      return known(nodes.raw[index]!, (value) => String(Math.round(value)));
    case 'pump':
      return (nodes.outputs[index]! & 8) !== 0 ? 'on' : '';
    case 'published':
      return formatCount(nodes.published[index]!);
    case 'energy':
      return known(nodes.energyJ[index]!, (value) => formatSi(value, 'J'));
    case 'instructions':
      return known(nodes.instructionsPerStep[index]!, formatCount);
    default:
      return '';
  }
}
