/** Which blocks of a series are written anew when samples join it. */
import { indexAfter, type Samples } from './samples.ts';
import type { Thinness } from './thinning-plan.ts';

/** Samples of a full block: large enough to compress, small enough to be read for one look. */
export const BLOCK_SAMPLES = 4096;
/** From here on a block is left alone: one of this size costs little more than a full one. */
const FULL_ENOUGH = 3072;

interface Stored {
  toMs: number;
  samples: number;
  thinness: Thinness;
}

export interface Rewrite<Block extends Stored> {
  /** Read, and replaced by what they become together with `fresh`; none for samples after the last block. */
  blocks: Block[];
  fresh: Samples;
}

/**
 * Late samples go into the block of their time; those after the last block make new ones, which take in the
 * blocks before them that are no larger than what is new. So blocks grow as powers of two do, and a sample is
 * written a few times and not with every interval.
 * @param blocks in order of time
 * @returns in order of time
 */
export function planCompaction<Block extends Stored>(blocks: readonly Block[], fresh: Samples): Rewrite<Block>[] {
  const rewrites: Rewrite<Block>[] = [];
  const absorbed = firstAbsorbed(blocks, fresh);
  let start = 0;
  for (const block of blocks.slice(0, absorbed)) {
    const end = indexAfter(fresh.timeMs, block.toMs);
    if (end > start) rewrites.push({ blocks: [block], fresh: part(fresh, start, end) });
    start = end;
  }
  if (start < fresh.timeMs.length) rewrites.push({ blocks: blocks.slice(absorbed), fresh: part(fresh, start, fresh.timeMs.length) });
  return rewrites;
}

/** Views: full blocks and what is left of new samples; where a block in the middle grew, parts alike in size. */
export function cutIntoBlocks(samples: Samples, last: boolean): Samples[] {
  const count = samples.timeMs.length;
  const size = last ? BLOCK_SAMPLES : Math.ceil(count / Math.ceil(count / (2 * BLOCK_SAMPLES)));
  const parts: Samples[] = [];
  for (let at = 0; at < count; at += size) parts.push(part(samples, at, at + size));
  return parts;
}

function firstAbsorbed(blocks: readonly Stored[], fresh: Samples): number {
  const lastMs = blocks[blocks.length - 1]?.toMs ?? -Infinity;
  let size = fresh.timeMs.length - indexAfter(fresh.timeMs, lastMs);
  let first = blocks.length;
  while (size > 0 && first > 0) {
    const { samples, thinness } = blocks[first - 1]!;
    if (thinness > 0 || samples >= FULL_ENOUGH || samples > size) break;
    size += samples;
    first -= 1;
  }
  return first;
}

function part({ timeMs, value }: Samples, start: number, end: number): Samples {
  return { timeMs: timeMs.subarray(start, end), value: value.subarray(start, end) };
}
