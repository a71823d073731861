/** How far a job on a board's flash is, as a tagged union that the page draws. All sizes are bytes, all times ms. */
import type { Diagnosis } from '../diagnosis.ts';

export interface ChipFacts {
  /** As in esptool: `ESP32-D0WD-V3`. */
  description: string;
  /** Which images fit. */
  family: 'esp32' | 'esp32s3' | 'esp32c3' | 'other';
  /** esptool's name of the family, also for `other`: `ESP32-C6`. */
  familyName: string;
  revision: string;
  features: readonly string[];
  crystalMhz: number | null;
  /** `aa:bb:cc:dd:ee:ff` */
  mac: string;
  /** Null when the flash chip does not tell. */
  flashBytes: number | null;
  flashId: string | null;
  /** Null where it could not be read; a chip with either refuses plain images. */
  secureBoot: boolean | null;
  flashEncryption: boolean | null;
}

export interface Progress {
  /** What is being done, in words for people: `Writing the app`. */
  task: string;
  doneBytes: number;
  totalBytes: number;
  /** Since the first byte. */
  elapsedMs: number;
  /** Null until a rate can be told. */
  leftMs: number | null;
  bytesPerSec: number | null;
}

export type FlashState =
  | { kind: 'idle' }
  | { kind: 'connecting'; /** In words for people. */ step: string; attempt: number }
  | { kind: 'connected'; chip: ChipFacts; baud: number }
  | { kind: 'working'; chip: ChipFacts; baud: number; progress: Progress }
  | { kind: 'done'; chip: ChipFacts; /** What was done and verified. */ summary: string; elapsedMs: number }
  | { kind: 'failed'; chip: ChipFacts | null; diagnosis: Diagnosis; /** A retry continues behind what is written and verified. */ resumable: boolean };
