/** Reads flash; every piece was compared with the chip's own MD5. */
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { blankMd5 } from './flash-eraser.ts';
import type { Recovery } from './recovery.ts';

/** A piece is read again as a whole when one byte of it is lost. */
const pieceBytes = 64 * 1024;

/** Rejects with a `FlashFailure`. */
export async function readRange(recovery: Recovery, offset: number, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const read = new Uint8Array(bytes);
  await readInto(recovery, offset, read, 0, () => {});
  return read;
}

/**
 * Fills `into` from `from` on; `hear` gets up to where it is filled and right. What is blank, as most of a flash is, is
 * not sent.
 */
export async function readInto(
  recovery: Recovery,
  offset: number,
  into: Uint8Array,
  from: number,
  hear: (doneBytes: number) => void,
): Promise<void> {
  for (let done = from; done < into.length; ) {
    const piece = into.subarray(done, Math.min(done + pieceBytes, into.length));
    const at = offset + done;
    const large = piece.length > 4096;
    if (large && (await recovery.keepTrying(() => recovery.session.stub.md5(at, piece.length))) === blankMd5(piece.length)) {
      piece.fill(0xff);
    } else {
      await recovery.keepTrying(() => readPiece(recovery, at, piece, (bytes) => hear(done + bytes)));
    }
    recovery.succeeded();
    done += piece.length;
    hear(done);
  }
}

async function readPiece(recovery: Recovery, at: number, piece: Uint8Array, hear: (doneBytes: number) => void): Promise<void> {
  let filled = 0;
  await recovery.session.stub.readFlash(
    at,
    piece.length,
    (bytes) => {
      piece.set(bytes, filled);
      filled += bytes.length;
      hear(filled);
    },
    () => bytesToHex(md5(piece)),
  );
}
