/** Finds the oldest blocks of a thinness and what they become one step thinner. */
import { extremes } from '../shape/extremes.ts';
import { BLOCK_SAMPLES, cutIntoBlocks } from '../shape/compaction-plan.ts';
import { concatenate } from '../shape/merge.ts';
import { runOf, type Thinness } from '../shape/thinning-plan.ts';
import type { BlockReader } from './block-reader.ts';
import type { Head } from './head.ts';
import type { Series } from './series.ts';
import type { Replacement } from './write-blocks.ts';

/** Blocks thinned in one step: few enough that readers and writers get their turn in between. */
const STEP_BLOCKS = 64;
/** Series in one step: each rewrites a row of heads. */
const STEP_SERIES = 32;

/** The oldest blocks of this thinness, by series, each series' in order of time. */
export function oldestBlocks(all: readonly Series[], thinness: Thinness): Map<Series, Head[]> {
  const found = all.flatMap((series) => series.heads.filter((head) => head.thinness === thinness).map((head) => ({ series, head })));
  found.sort((a, b) => a.head.toMs - b.head.toMs);
  const step = new Map<Series, Head[]>();
  for (const { series, head } of found.slice(0, STEP_BLOCKS)) {
    const heads = step.get(series);
    if (heads) heads.push(head);
    else if (step.size < STEP_SERIES) step.set(series, [head]);
  }
  return step;
}

/** What the blocks become; a small block before them that is already that thin is taken in. */
export async function thinned(series: Series, heads: Head[], reader: BlockReader): Promise<Replacement[]> {
  const replacements: Replacement[] = [];
  for (const run of neighbours(series.heads, heads)) {
    const from = run[0]!.thinness as 0 | 1;
    const thinness = (from + 1) as Thinness;
    const before = series.heads[series.heads.indexOf(run[0]!) - 1];
    const taken = before?.thinness === thinness && before.samples < BLOCK_SAMPLES / 2 ? [before] : [];
    const blocks = [...taken, ...run];
    const samples = await reader.samples(blocks.map(({ block }) => block));
    const parts = blocks.map((head) => (head === before ? samples.get(head.block)! : extremes(samples.get(head.block)!, runOf[from])));
    replacements.push({ series, blocks, by: cutIntoBlocks(concatenate(parts), true).map((part) => ({ samples: part, thinness })) });
  }
  return replacements;
}

/** Splits `some` where another head lies between two of them. */
function neighbours(all: readonly Head[], some: Head[]): Head[][] {
  const runs: Head[][] = [];
  let lastAt = NaN;
  for (const head of some) {
    const at = all.indexOf(head);
    if (at === lastAt + 1) runs[runs.length - 1]!.push(head);
    else runs.push([head]);
    lastAt = at;
  }
  return runs;
}
