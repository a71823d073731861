/** What is known of a stored block without reading it, kept in memory for all blocks. */
import { ByteSink } from '../codec/byte-sink.ts';
import { ByteSource } from '../codec/byte-source.ts';
import { cellsOf, COARSE, type Cells } from '../shape/pyramid.ts';
import type { Samples } from '../shape/samples.ts';
import type { Thinness } from '../shape/thinning-plan.ts';

export interface Head {
  /** Key of its samples and of its fine cells. */
  block: number;
  /** Key of the row of heads that it is stored in. */
  page: number;
  fromMs: number;
  toMs: number;
  samples: number;
  thinness: Thinness;
  /** Whether it has fine cells: a small block is as quickly read itself. */
  fine: boolean;
  /** Of samples and fine cells as stored. */
  bytes: number;
  min: number;
  max: number;
  coarse: Cells;
}

export function headOf(samples: Samples, block: number, page: number, thinness: Thinness, bytes: number): Head {
  const { timeMs } = samples;
  const coarse = cellsOf(samples, COARSE);
  return {
    block,
    page,
    fromMs: timeMs[0]!,
    toMs: timeMs[timeMs.length - 1]!,
    samples: timeMs.length,
    thinness,
    fine: hasFine(timeMs.length),
    bytes,
    ...extremesOf(coarse),
    coarse,
  };
}

/** Whether a block of so many samples gets fine cells. */
export function hasFine(samples: number): boolean {
  return samples > COARSE;
}

export function encodeHeads(heads: Head[]): Uint8Array<ArrayBuffer> {
  const sink = new ByteSink(heads.length * 256);
  for (const head of heads) {
    sink.varint(head.block);
    sink.float64(head.fromMs);
    sink.varint(head.toMs - head.fromMs);
    sink.varint(head.samples);
    sink.byte(head.thinness);
    sink.varint(head.bytes);
    const { timeMs, min, max } = head.coarse;
    sink.varint(timeMs.length);
    for (const [i, time] of timeMs.entries()) {
      sink.varint(time - head.fromMs);
      sink.float32(min[i]!);
      sink.float32(max[i]!);
    }
  }
  return sink.finish();
}

export function decodeHeads(bytes: Uint8Array, page: number): Head[] {
  const source = new ByteSource(bytes);
  const heads: Head[] = [];
  while (!source.done) {
    const block = source.varint();
    const fromMs = source.float64();
    const toMs = fromMs + source.varint();
    const samples = source.varint();
    const thinness = source.byte() as Thinness;
    const size = source.varint();
    const count = source.varint();
    const coarse: Cells = { timeMs: new Float64Array(count), min: new Float32Array(count), max: new Float32Array(count) };
    for (let i = 0; i < count; i += 1) {
      coarse.timeMs[i] = fromMs + source.varint();
      coarse.min[i] = source.float32();
      coarse.max[i] = source.float32();
    }
    heads.push({ block, page, fromMs, toMs, samples, thinness, fine: hasFine(samples), bytes: size, ...extremesOf(coarse), coarse });
  }
  return heads;
}

function extremesOf(coarse: Cells): { min: number; max: number } {
  return { min: Math.min(...coarse.min), max: Math.max(...coarse.max) };
}
