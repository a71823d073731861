/** A piece of an image as it goes over the wire: one zlib stream in blocks. */
import { Unzlib, zlibSync } from 'fflate';

/** Gives a zlib stream. Replaced in tests that move time, since the browser's compressor works in a thread of its own. */
export type Compress = (bytes: Uint8Array) => Promise<Uint8Array>;

/** The browser's own, which does not keep the page from answering the board meanwhile. */
export const compressInBrowser: Compress = async (bytes) => {
  if (typeof CompressionStream === 'undefined') return zlibSync(bytes, { level: 9 });
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

const shortBlockBytes = 2048;

/**
 * Where to cut. The last blocks are short, since the wire is idle while the chip writes the last one, and so are all of a
 * short stream, in which the chip is slower than the wire; blocks in the middle are long, since each costs a round trip.
 */
export function cutBlocks(stream: Uint8Array, blockBytes: number): Uint8Array[] {
  const shortest = Math.min(shortBlockBytes, blockBytes);
  const isShort = stream.length <= blockBytes;
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < stream.length; ) {
    const left = stream.length - at;
    const half = isShort ? shortest : Math.max(shortest, Math.ceil(left / 2));
    const bytes = left > 1.5 * blockBytes ? blockBytes : Math.min(left, half);
    blocks.push(stream.subarray(at, at + bytes));
    at += bytes;
  }
  return blocks;
}

/**
 * Tells how far the chip is in flash after each block. Compressed sizes say little about it: the blanks of an image are
 * nothing on the wire, yet the chip writes them.
 */
export class WrittenCounter {
  readonly #inflater = new Unzlib();
  #bytes = 0;

  constructor() {
    this.#inflater.ondata = (piece) => {
      this.#bytes += piece.length;
    };
  }

  /** Bytes of flash written once this block is. */
  after(block: Uint8Array): number {
    this.#inflater.push(block);
    return this.#bytes;
  }
}
