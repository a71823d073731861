/** Erases and makes sure of it: what is blank already is left alone, and what was erased is compared. */
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { FlashFailure } from '../flash-failure.ts';
import type { Recovery } from './recovery.ts';

/** Erasing so much takes about a second, so progress shows and cancelling is quick. */
const pieceBytes = 256 * 1024;
const mostTries = 3;

/** `hear` gets how many bytes are blank. Rejects with a `FlashFailure`. */
export async function eraseRange(recovery: Recovery, offset: number, bytes: number, hear: (doneBytes: number) => void): Promise<void> {
  for (let done = 0; done < bytes; ) {
    const at = offset + done;
    const length = Math.min(pieceBytes, bytes - done);
    const blank = blankMd5(length);
    for (let tries = 0; ; tries++) {
      if ((await recovery.keepTrying(() => recovery.session.stub.md5(at, length))) === blank) break;
      if (tries >= mostTries) throw new FlashFailure('flash-failed', `0x${at.toString(16)} is not blank after erasing it.`, `0x${at.toString(16)}`);
      await recovery.keepTrying(() => recovery.session.stub.eraseRegion(at, length));
    }
    recovery.succeeded();
    done += length;
    hear(done);
  }
}

const blankMd5s = new Map<number, string>();

export function blankMd5(bytes: number): string {
  let known = blankMd5s.get(bytes);
  if (known === undefined) {
    known = bytesToHex(md5(new Uint8Array(bytes).fill(0xff)));
    blankMd5s.set(bytes, known);
  }
  return known;
}
