/** Where each node's samples come from, and when that changed. */
import type { Provenance } from '../history-port.ts';
import type { ProvenanceRow } from './database.ts';

export class ProvenanceBook {
  /** By node, in order of time. */
  readonly #rows = new Map<string, ProvenanceRow[]>();

  constructor(rows: readonly ProvenanceRow[]) {
    for (const row of rows) this.add(row.sinceMs, row);
  }

  /** @returns whether it says something new for that time */
  add(sinceMs: number, { node, tier, kind, owner, runtime, guestSha256 }: Provenance): boolean {
    const row: ProvenanceRow = { node, tier, kind, owner, runtime, guestSha256, sinceMs };
    const before = this.of(node).filter((other) => other.sinceMs <= sinceMs);
    const inForce = before[before.length - 1];
    if (inForce && says(inForce) === says(row)) return false;
    const others = this.of(node).filter((other) => other.sinceMs !== sinceMs);
    this.#rows.set(node, [...others, row].sort((a, b) => a.sinceMs - b.sinceMs));
    return true;
  }

  of(node: string): readonly ProvenanceRow[] {
    return this.#rows.get(node) ?? [];
  }

  clear(): void {
    this.#rows.clear();
  }
}

function says({ tier, kind, owner, runtime, guestSha256 }: Provenance): string {
  return JSON.stringify([tier, kind, owner, runtime, guestSha256]);
}
