/** How far a guest's way into a board over the serial line is, as a tagged union that the page draws. */
import type { Diagnosis } from '../diagnosis.ts';

export interface GuestModule {
  /** As `checkGuestName` lets pass. */
  name: string;
  bytes: Uint8Array;
  /** Null: unsigned, which a board takes by cable unless it was given keys. */
  signed: { /** 16 hexadecimal digits. */ key: string; /** 64 bytes. */ signature: Uint8Array } | null;
}

export type UploadState =
  | { kind: 'idle' }
  | { kind: 'preparing' }
  | {
      kind: 'sending';
      doneBytes: number;
      totalBytes: number;
      /** Where it began, because the board had kept what came before. */
      resumedAtBytes: number;
      elapsedMs: number;
      bytesPerSec: number | null;
      leftMs: number | null;
    }
  /** All bytes are there; the board verifies them and starts its trial. */
  | { kind: 'verifying' }
  | { kind: 'trying'; steps: number | null }
  | { kind: 'running'; name: string; /** Lower-case hexadecimal. */ sha256: string; elapsedMs: number }
  /** The trial failed and the board runs what it ran before. `reason` is the board's sentence. */
  | { kind: 'rolled-back'; reason: string; running: string | null }
  | { kind: 'refused'; reason: string }
  | { kind: 'cancelled'; /** Bytes the board keeps for the next attempt. */ keptBytes: number }
  | { kind: 'failed'; diagnosis: Diagnosis; /** What was sent is kept, and sending again goes on behind it. */ resumable: boolean };
