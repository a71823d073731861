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

/** Children come in order of their level's name, so that the tree holds still while messages come in. */
export function buildTopicTree(topics: Iterable<string>): TopicNode[] {
  const root: TopicNode = { level: '', path: '', count: 0, children: [] };
  const byPath = new Map<string, TopicNode>();
  for (const topic of topics) {
    let parent = root;
    let path = '';
    for (const level of topic.split('/')) {
      path = parent === root ? level : `${path}/${level}`;
      let node = byPath.get(path);
      if (!node) {
        node = { level, path, count: 0, children: [] };
        byPath.set(path, node);
        parent.children.push(node);
      }
      node.count++;
      parent = node;
    }
  }
  for (const node of [root, ...byPath.values()]) {
    node.children.sort((a, b) => a.level.localeCompare(b.level, 'en', { numeric: true }));
  }
  return root.children;
}

export function visibleRows(nodes: TopicNode[], collapsed: ReadonlySet<string>, depth = 1): TopicRow[] {
  return nodes.flatMap((node, i) => {
    const expanded = node.children.length > 0 && !collapsed.has(node.path);
    const row = { node, depth, expanded, position: i + 1, siblings: nodes.length };
    return expanded ? [row, ...visibleRows(node.children, collapsed, depth + 1)] : [row];
  });
}

/** Whether `topic` is `path` or lies below it; every topic lies below the empty path. */
export function isUnder(topic: string, path: string): boolean {
  return path === '' || topic === path || topic.startsWith(`${path}/`);
}
