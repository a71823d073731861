/** Notices that say the same of several nodes, as one: a thousand nodes that fault together are one event. */
import type { Notice, NodeInfo } from '../../sim/snapshot.ts';

export interface NoticeGroup {
  /** The latest of them. */
  latest: Notice;
  /** What they say, without the name of a node. */
  text: string;
  /** Indices of their nodes, the latest first, each once. */
  nodes: number[];
  count: number;
}

/** @param notices the latest first, as their groups are */
export function groupNotices(notices: readonly Notice[], info: readonly NodeInfo[]): NoticeGroup[] {
  const groups = new Map<string, NoticeGroup & { seen: Set<number> }>();
  for (const notice of notices) {
    const text = withoutName(notice, info);
    // Waiting times and addresses differ from node to node; what happened does not.
    const key = `${notice.severity} ${text.replace(/\d+(\.\d+)?/g, '#')}`;
    let group = groups.get(key);
    if (!group) {
      group = { latest: notice, text, nodes: [], count: 0, seen: new Set() };
      groups.set(key, group);
    }
    group.count++;
    const { nodeIndex } = notice;
    if (nodeIndex === null || group.seen.has(nodeIndex)) continue;
    group.seen.add(nodeIndex);
    group.nodes.push(nodeIndex);
  }
  return [...groups.values()].map(({ latest, text, nodes, count }) => ({ latest, text, nodes, count }));
}

function withoutName({ nodeIndex, text }: Notice, info: readonly NodeInfo[]): string {
  const id = nodeIndex === null ? undefined : info[nodeIndex]?.id;
  return id !== undefined && text.startsWith(`${id}: `) ? text.slice(id.length + 2) : text;
}

/**
 * What a toast says of the notices since it was last seen.
 * @param missed notices that came and went between two frames
 */
export function toastText(fresh: readonly Notice[], missed: number, info: readonly NodeInfo[]): string {
  const [group, ...others] = groupNotices(fresh, info);
  if (!group) return '';
  const all = fresh.length + missed;
  if (all === 1) return group.latest.text;
  const count = new Intl.NumberFormat('en').format(all);
  if (others.length > 0) return `${count} notices, the latest: ${group.latest.text}`;
  return missed === 0 && group.nodes.length === 1
    ? `${info[group.nodes[0]!]?.id ?? 'A node'}, ${count} times: ${group.text}`
    : `${new Intl.NumberFormat('en').format(missed + group.nodes.length)} nodes: ${group.text}`;
}
