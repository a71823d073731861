/** More or fewer nodes in the columns of a world that runs. */
import { layout, newColumns } from './fleet-columns.ts';
import type { NodeColumns } from './snapshot.ts';

/** Gives the columns room for so many nodes, or leaves the first so many; in place, so that whoever holds them sees it. */
export function resize(columns: NodeColumns, nodes: number): void {
  const resized = newColumns(nodes);
  for (const [name] of layout) resized[name].set(columns[name].subarray(0, nodes));
  Object.assign(columns, resized);
}
