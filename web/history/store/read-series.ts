/** All samples of a series in a span of time, in order, piece by piece. */
import { merge } from '../shape/merge.ts';
import { within, type Samples } from '../shape/samples.ts';
import { BlockGone, type StoredBlocks } from './block-reader.ts';
import type { Series } from './series.ts';

/** Pieces in order of time, none empty; both borders included. Blocks replaced meanwhile lose or double nothing. */
export async function* readSeries(series: Series, fromMs: number, toMs: number, reader: StoredBlocks): AsyncGenerator<Samples> {
  let afterMs = fromMs;
  for (;;) {
    try {
      for await (const piece of readOnce(series, afterMs, toMs, reader)) {
        yield piece;
        afterMs = piece.timeMs[piece.timeMs.length - 1]! + 1;
      }
      return;
    } catch (error) {
      if (!(error instanceof BlockGone)) throw error;
    }
  }
}

async function* readOnce(series: Series, fromMs: number, toMs: number, reader: StoredBlocks): AsyncGenerator<Samples> {
  const heads = series.heads.filter((head) => head.toMs >= fromMs && head.fromMs <= toMs);
  const { timeMs, value } = within(series.recent(), fromMs, toMs);
  const recent = { timeMs: timeMs.slice(), value: value.slice() };
  let nextMs = fromMs;
  for (const { block, toMs: headToMs } of heads) {
    const endMs = Math.min(toMs, headToMs);
    const stored = (await reader.samples([block])).get(block)!;
    const piece = merge(within(stored, nextMs, endMs), within(recent, nextMs, endMs));
    if (piece.timeMs.length > 0) yield piece;
    nextMs = endMs + 1;
  }
  const rest = within(recent, nextMs, toMs);
  if (rest.timeMs.length > 0) yield rest;
}
