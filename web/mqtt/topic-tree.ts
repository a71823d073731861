/**
 * Subscriptions by topic filter: one tree level for each topic level, so that a topic is matched in
 * steps that depend on its levels and its matches, not on how many filters there are.
 */
interface Branch<K, V> {
  children: Map<string, Branch<K, V>>;
  /** Entries of the filter that ends here. */
  entries: Map<K, V> | null;
}

export class TopicTree<K, V> {
  readonly #root: Branch<K, V> = newBranch();
  #size = 0;

  /** Entries, counted over all filters. */
  get size(): number {
    return this.#size;
  }

  /** Sets the entry that `key` has at a valid filter. */
  set(filter: string, key: K, value: V): void {
    let branch = this.#root;
    for (const level of filter.split('/')) {
      let child = branch.children.get(level);
      if (child === undefined) {
        child = newBranch();
        branch.children.set(level, child);
      }
      branch = child;
    }
    branch.entries ??= new Map();
    if (!branch.entries.has(key)) this.#size++;
    branch.entries.set(key, value);
  }

  /** False when `key` had no entry at this filter. */
  delete(filter: string, key: K): boolean {
    const levels = filter.split('/');
    const path = [this.#root];
    for (const level of levels) {
      const child = path.at(-1)!.children.get(level);
      if (child === undefined) return false;
      path.push(child);
    }
    const leaf = path.at(-1)!;
    if (leaf.entries?.delete(key) !== true) return false;
    this.#size--;
    for (let depth = levels.length; depth > 0 && isBare(path[depth]!); depth--) {
      path[depth - 1]!.children.delete(levels[depth - 1]!);
    }
    return true;
  }

  /** Visits every entry whose filter covers the valid topic; a key under two such filters comes twice. */
  match(topic: string, visit: (key: K, value: V) => void): void {
    descend(this.#root, topic.split('/'), 0, visit);
  }
}

function newBranch<K, V>(): Branch<K, V> {
  return { children: new Map(), entries: null };
}

function isBare(branch: Branch<unknown, unknown>): boolean {
  return branch.children.size === 0 && (branch.entries === null || branch.entries.size === 0);
}

function descend<K, V>(
  branch: Branch<K, V>,
  levels: readonly string[],
  depth: number,
  visit: (key: K, value: V) => void,
): void {
  // Wildcards in the first level leave the broker's own topics out (MQTT 5, section 4.7.2).
  const wild = depth > 0 || !levels[0]!.startsWith('$');
  if (wild) visitAll(branch.children.get('#'), visit);
  if (depth === levels.length) {
    visitAll(branch, visit);
    return;
  }
  const exact = branch.children.get(levels[depth]!);
  if (exact !== undefined) descend(exact, levels, depth + 1, visit);
  const any = wild ? branch.children.get('+') : undefined;
  if (any !== undefined) descend(any, levels, depth + 1, visit);
}

function visitAll<K, V>(branch: Branch<K, V> | undefined, visit: (key: K, value: V) => void): void {
  branch?.entries?.forEach((value, key) => visit(key, value));
}
