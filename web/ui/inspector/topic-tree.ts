/** Topics of messages as a tree of their levels, and the rows of it that are in sight. */
export interface TopicNode {
  /** The last level of `path`. */
  level: string;
  path: string;
  /** Messages on this topic and below it. */
  count: number;
  children: TopicNode[];
}

export interface TopicRow {
  node: TopicNode;
  /** 1 for the first level. */
  depth: number;
  expanded: boolean;
  /** Place among its siblings, from 1. */
  position: number;
  siblings: number;
}

/** MQTT's wildcard for any one level. */
const anyLevel = '+';
/** More siblings than a person reads through; a fleet's thousands would also change with every message. */
const mostSiblings = 40;

/**
 * Children come in order of their level's name, so that the tree holds still while messages come in.
 * Where there are too many, they are one: `ic/+/data` stands for the data of all nodes.
 */
export function buildTopicTree(topics: Iterable<string>, most = mostSiblings): TopicNode[] {
  const levels: string[][] = [];
  for (const topic of topics) levels.push(topic.split('/'));
  return grow(levels, 0, '', most);
}

function grow(topics: string[][], depth: number, above: string, most: number): TopicNode[] {
  const groups = new Map<string, string[][]>();
  for (const topic of topics) {
    const level = topic[depth];
    if (level === undefined) continue;
    const group = groups.get(level);
    if (group) group.push(topic);
    else groups.set(level, [topic]);
  }
  const entries: [string, string[][]][] = groups.size > most ? [[anyLevel, [...groups.values()].flat()]] : [...groups];
  return entries
    .map(([level, below]) => {
      const path = depth === 0 ? level : `${above}/${level}`;
      return { level, path, count: below.length, children: grow(below, depth + 1, path, most) };
    })
    .sort((a, b) => a.level.localeCompare(b.level, 'en', { numeric: true }));
}

export function visibleRows(nodes: TopicNode[], collapsed: ReadonlySet<string>, depth = 1): TopicRow[] {
  return nodes.flatMap((node, i) => {
    const expanded = node.children.length > 0 && !collapsed.has(node.path);
    const row = { node, depth, expanded, position: i + 1, siblings: nodes.length };
    return expanded ? [row, ...visibleRows(node.children, collapsed, depth + 1)] : [row];
  });
}

/** Whether `topic` is `path` or lies below it, `+` being any level; every topic lies below the empty path. */
export function isUnder(topic: string, path: string): boolean {
  if (path === '') return true;
  if (!path.includes(anyLevel)) return topic === path || topic.startsWith(`${path}/`);
  const levels = topic.split('/');
  return path.split('/').every((level, i) => (level === anyLevel ? levels[i] !== undefined : level === levels[i]));
}
