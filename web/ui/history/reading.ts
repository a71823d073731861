/** What the lines say at one time. */
import { nearest } from './dense-line.ts';
import type { DenseLine } from './dense-line.ts';
import { rangeText } from './line-looks.ts';
import type { LineLook } from './line-looks.ts';
import { localTime } from './local-time.ts';

export interface Reading {
  time: string;
  rows: { look: LineLook; value: string }[];
}

/** A line in silence reads `–`. */
export function readingAt(atMs: number, looks: readonly LineLook[], lines: ReadonlyMap<string, DenseLine>): Reading {
  let spacingMs = Infinity;
  const rows = looks.map((look) => {
    const line = lines.get(look.id);
    const at = line ? nearest(line, atMs) : -1;
    if (!line || at < 0) return { look, value: '–' };
    spacingMs = Math.min(spacingMs, line.gapMs);
    return { look, value: rangeText(line.min[at]!, line.max[at]!, look) };
  });
  return { time: localTime(atMs, spacingMs < 3000), rows };
}

export function readingText({ time, rows }: Reading): string {
  return `${time}: ${rows.map(({ look, value }) => `${look.name} ${value}`).join('; ')}`;
}
