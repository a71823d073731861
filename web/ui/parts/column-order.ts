/** Sorting of tables whose rows are numbers, such as the indices of nodes. */

export interface ColumnOrder {
  column: string;
  descending: boolean;
}

/** A second press of a column turns it round; figures start with the largest, names (`id`) with the first. */
export function pressColumn(order: ColumnOrder, column: string): ColumnOrder {
  return column === order.column
    ? { column, descending: !order.descending }
    : { column, descending: column !== 'id' };
}

const natural = new Intl.Collator('en', { numeric: true });

/** For each name its place in the order people count in: esp32-2 before esp32-10. */
export function naturalRank(names: readonly string[]): Uint32Array {
  const heads = names.map((name) => name.replace(/\d+$/, ''));
  const tails = names.map((name, i) => Number(name.slice(heads[i]!.length)));
  // Collating is slow and most of a fleet's names differ in their last number alone.
  const order = Array.from(names, (_, i) => i).sort((a, b) =>
    heads[a] === heads[b] ? tails[a]! - tails[b]! : natural.compare(names[a]!, names[b]!),
  );
  const rank = new Uint32Array(names.length);
  order.forEach((index, place) => (rank[index] = place));
  return rank;
}

/** Sorts rows in place by the key of each; rows without a value come last either way, ties in order of rank. */
export function sortRows(rows: number[], keyOf: (row: number) => number, rank: ArrayLike<number>, descending: boolean): number[] {
  const sign = descending ? -1 : 1;
  const keys = new Map<number, number>();
  for (const row of rows) keys.set(row, keyOf(row));
  return rows.sort((a, b) => {
    const [x, y] = [keys.get(a)!, keys.get(b)!];
    const missing = Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    if (missing !== 0) return missing;
    if (x !== y && !Number.isNaN(x)) return sign * (x - y);
    return rank[a]! - rank[b]!;
  });
}
