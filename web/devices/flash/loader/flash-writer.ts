/** Gets bytes into flash and does not rest before the chip's own MD5 says that they are there. */
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { sectorBytes } from '../../image/flash-image.ts';
import { FlashFailure } from '../flash-failure.ts';
import type { FlashLog } from '../flash-log.ts';
import { NoAnswer } from './board-transport.ts';
import { cutBlocks, WrittenCounter, type Compress } from './deflated.ts';
import type { Recovery } from './recovery.ts';

/**
 * The chip compares a stream while the first block of the next is on its way, which takes it about as long as this many
 * bytes. When a stream fails all of it goes again, so streams get shorter then.
 */
const longestStreamBytes = 448 * 1024;
const shortestStreamBytes = 16 * 1024;
const shortestBlockBytes = 512;
/** At most so much is left to be written when a stream begins: what the last block of the one before may inflate to. */
const longestWriteBytes = 64 * 1024;
/** Of a megabyte, on any machine that runs a browser. */
const compressMs = 30_000;
/** What is compared when a part is there in pieces: little goes again when one differs. */
const probeBytes = 64 * 1024;
const fineProbeBytes = 16 * 1024;
/** After so many times that a range was written and no more of it is right, it is not the line. */
const mostWrongWrites = 3;

export interface WritePart {
  name: string;
  offset: number;
  bytes: Uint8Array;
  /** Blank bytes follow up to here, where that makes the chip erase in large blocks; no more than `bytes` for none. */
  paddedBytes: number;
}

interface Range {
  from: number;
  to: number;
}

export class FlashWriter {
  readonly #recovery: Recovery;
  readonly #log: FlashLog;
  #streamBytes = longestStreamBytes;
  #blockBytes: number;
  #ahead: { bytes: Uint8Array; stream: Promise<Uint8Array> } | null = null;
  readonly #compress: Compress;
  /** Of the part at work: written, but not compared yet. */
  #unverified: Range[] = [];

  constructor(recovery: Recovery, log: FlashLog, compress: Compress) {
    this.#recovery = recovery;
    this.#log = log;
    this.#compress = compress;
    this.#blockBytes = recovery.session.blockBytes;
  }

  /**
   * Writes what is not there yet and verifies all of it; whether anything had to be written. Rejects with a
   * `FlashFailure`. `hear` gets how many bytes of the part are there. `fresh`: the flash was erased just now.
   */
  async write(part: WritePart, fresh: boolean, hear: (doneBytes: number) => void): Promise<boolean> {
    const bytes = padded(part.bytes, part.paddedBytes);
    const wanted = once(() => md5Of(bytes));
    this.#compressAhead(bytes.subarray(0, this.#streamBytes));
    let wrong = fresh ? [{ from: 0, to: bytes.length }] : await this.#recovery.keepTrying(() => this.#toWrite(part.offset, bytes, wanted));
    const written = wrong.length > 0;
    let least = Infinity;
    for (let wrongWrites = 0; wrong.length > 0; ) {
      this.#unverified = [];
      for (const [i, range] of wrong.entries()) {
        const behind = bytes.length - total(wrong.slice(i));
        await this.#writeRange(part.offset, bytes, range, (done) => hear(Math.min(behind + done, part.bytes.length)));
      }
      wrong = await this.#recovery.keepTrying(() => this.#differing(part.offset, bytes, this.#unverified, fineProbeBytes));
      const left = total(wrong);
      if (left > 0) this.#log.add(`${part.name}: ${left} bytes differ after writing`);
      if (left < least) wrongWrites = 0;
      else if (++wrongWrites >= mostWrongWrites) throw this.#neverRight(part, wrong);
      least = Math.min(least, left);
    }
    hear(part.bytes.length);
    this.#log.add(`${part.name}: verified by MD5${written ? '' : ', was there already'}`);
    return written;
  }

  /** The beginning tells whether this part was ever begun; only then is it worth comparing the rest piece by piece. */
  async #toWrite(offset: number, bytes: Uint8Array, wanted: () => string): Promise<Range[]> {
    const head = bytes.subarray(0, sectorBytes);
    if (!(await this.#holds(offset, head, md5Of(head)))) return [{ from: 0, to: bytes.length }];
    if (await this.#holds(offset, bytes, wanted())) return [];
    return this.#differing(offset, bytes, [{ from: 0, to: bytes.length }], probeBytes);
  }

  async #holds(offset: number, bytes: Uint8Array, wanted: string): Promise<boolean> {
    return (await this.#recovery.session.stub.md5(offset, bytes.length)) === wanted;
  }

  /** Those of the ranges, or pieces of them, that are not in flash as they should be. */
  async #differing(offset: number, bytes: Uint8Array, ranges: readonly Range[], pieceBytes: number): Promise<Range[]> {
    const differing: Range[] = [];
    for (const range of ranges) {
      const whole = bytes.subarray(range.from, range.to);
      if (await this.#holds(offset + range.from, whole, md5Of(whole))) continue;
      for (let { from } = range; from < range.to; from += pieceBytes) {
        const to = Math.min(from + pieceBytes, range.to);
        const piece = bytes.subarray(from, to);
        if (await this.#holds(offset + from, piece, md5Of(piece))) continue;
        const last = differing.at(-1);
        if (last?.to === from) last.to = to;
        else differing.push({ from, to });
      }
    }
    return differing;
  }

  async #writeRange(offset: number, bytes: Uint8Array, range: Range, hear: (doneBytes: number) => void): Promise<void> {
    let at = range.from;
    while (at < range.to) {
      const to = Math.min(at + this.#streamBytes, range.to);
      const next = bytes.subarray(to, Math.min(to + this.#streamBytes, range.to));
      const base = at - range.from;
      try {
        const stream = await this.#compressed(bytes.subarray(at, to));
        await this.#writeStream(offset, bytes, { from: at, to }, stream, next, (written) => hear(base + written));
        this.#recovery.succeeded();
        this.#unverified.push({ from: at, to });
        at = to;
      } catch (error) {
        this.#streamBytes = Math.max(shortestStreamBytes, this.#streamBytes / 4);
        this.#blockBytes = Math.max(shortestBlockBytes, this.#blockBytes / 2);
        await this.#recovery.recover(error);
        hear(base);
      }
    }
  }

  /** Ends with the last block on its way to the flash. `next` is compressed while the wire is busy. */
  async #writeStream(
    offset: number,
    bytes: Uint8Array,
    { from, to }: Range,
    stream: Uint8Array,
    next: Uint8Array,
    hear: (written: number) => void,
  ): Promise<void> {
    const { stub } = this.#recovery.session;
    await stub.beginDeflated(offset + from, to - from, stream.length, this.#blockBytes, stub.writeMs(longestWriteBytes));
    const counter = new WrittenCounter();
    let before = 0;
    let waitMs = stub.writeMs(sectorBytes);
    for (const [sequence, block] of cutBlocks(stream, this.#blockBytes).entries()) {
      const last = sequence === 0 ? (this.#unverified.at(-1) ?? null) : null;
      const compare = last && { offset: offset + last.from, bytes: last.to - last.from };
      // The stub has two buffers: it takes a block while it writes the one before, and no third. So one is on the way.
      const sent = stub.deflatedBlock(sequence, block, waitMs, compare);
      // While it is: else the wire would wait for these.
      if (sequence === 0 && next.length > 0) this.#compressAhead(next);
      const wanted = last && md5Of(bytes.subarray(last.from, last.to));
      const written = counter.after(block);
      const { arrived, md5: found } = await sent;
      if (!arrived) throw new NoAnswer(`Block ${sequence} does not arrive undamaged.`);
      if (found !== null && found === wanted) this.#unverified.pop();
      hear(before);
      waitMs = stub.writeMs(written - before);
      before = written;
    }
    hear(to - from);
  }

  #compressAhead(bytes: Uint8Array): void {
    this.#ahead = { bytes, stream: this.#compress(bytes) };
    // Whoever waits for it hears of a failure; nobody may wait.
    this.#ahead.stream.catch(() => {});
  }

  #compressed(bytes: Uint8Array): Promise<Uint8Array> {
    const ahead = this.#ahead;
    this.#ahead = null;
    const fits = ahead?.bytes.byteOffset === bytes.byteOffset && ahead.bytes.length === bytes.length;
    return this.#recovery.session.transport.within(ahead && fits ? ahead.stream : this.#compress(bytes), compressMs, 'Compressing');
  }

  #neverRight(part: WritePart, wrong: readonly Range[]): FlashFailure {
    const at = `0x${(part.offset + wrong[0]!.from).toString(16)}`;
    // A block's checksum is one byte, so on a bad line some damage passes for right.
    const why = this.#recovery.failures > mostWrongWrites ? 'garbled' : 'verify-failed';
    return new FlashFailure(why, `${part.name} differs at ${at} after writing it again and again.`, at);
  }
}

/** Flash is written in words, and the chip's MD5 is over what was written. */
function padded(bytes: Uint8Array, atLeastBytes: number): Uint8Array {
  const result = new Uint8Array(Math.ceil(Math.max(bytes.length, atLeastBytes) / 4) * 4).fill(0xff);
  result.set(bytes);
  return result;
}

function once<T>(work: () => T): () => T {
  let done: { value: T } | null = null;
  return () => (done ??= { value: work() }).value;
}

function md5Of(bytes: Uint8Array): string {
  return bytesToHex(md5(bytes));
}

function total(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0);
}
