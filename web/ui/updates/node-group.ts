/** Nodes by their indexes, as a value: a change gives another group. */
export type NodeGroup = ReadonlySet<number>;

export const emptyGroup: NodeGroup = new Set();

export function withNodes(group: NodeGroup, indexes: readonly number[]): NodeGroup {
  const larger = new Set(group);
  for (const index of indexes) larger.add(index);
  return larger;
}

export function withoutNodes(group: NodeGroup, indexes: readonly number[]): NodeGroup {
  const smaller = new Set(group);
  for (const index of indexes) smaller.delete(index);
  return smaller;
}
