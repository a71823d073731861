import type { NodeDetail } from '../../sim/snapshot.ts';

export type Twin = NonNullable<NodeDetail['twins']>[number];
export type TwinColumn = keyof Twin;
export interface TwinOrder {
  column: TwinColumn;
  descending: boolean;
}

const natural = new Intl.Collator('en', { numeric: true });

/** Sorted copy; what was not measured yet comes last either way, ties in order of id. */
export function sortTwins(twins: Twin[], { column, descending }: TwinOrder): Twin[] {
  const sign = descending ? -1 : 1;
  return [...twins].sort((a, b) => {
    const x = a[column];
    const y = b[column];
    if (typeof x === 'number' && typeof y === 'number') {
      const missing = Number(Number.isNaN(x)) - Number(Number.isNaN(y));
      if (missing !== 0) return missing;
      if (x !== y && !Number.isNaN(x)) return sign * (x - y);
      return natural.compare(a.id, b.id);
    }
    return sign * natural.compare(String(x), String(y)) || natural.compare(a.id, b.id);
  });
}

/** A second press of a column turns it round; figures start with the largest, names with the first. */
export function pressColumn(order: TwinOrder, column: TwinColumn): TwinOrder {
  return column === order.column
    ? { column, descending: !order.descending }
    : { column, descending: column !== 'id' };
}
