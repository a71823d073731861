/** What the boot chain hands over to: the firmware that a virtual board runs once its flash holds a valid app. */
import type { BoardClock } from './board-clock.ts';
import type { ChipFamily } from './chip-model.ts';
import type { Partition } from './partition-table.ts';

/** Flash as the chip's own code uses it: at once, without the time that the chip takes. Offsets are from the chip's start. */
export interface FirmwareFlash {
  readonly bytes: number;
  /** A copy. */
  read(offset: number, bytes: number): Uint8Array;
  /** Only clears bits, as NOR flash does; erase first. */
  write(offset: number, data: Uint8Array): void;
  /** Both in whole sectors of 4096 bytes. */
  erase(offset: number, bytes: number): void;
}

/** UART0 at 115200 baud. */
export interface FirmwareLine {
  /** Never blocks; goes out at the line's pace. */
  write(bytes: Uint8Array): void;
  /** Bytes that wait to go out. A firmware that must not lose time skips its chatter when this grows. */
  pendingBytes(): number;
}

export type ResetReason = 'power' | 'software' | 'panic' | 'watchdog' | 'brownout';

export interface FirmwareStart {
  chip: ChipFamily;
  /** Of the station, `aa:bb:cc:dd:ee:ff`. */
  mac: string;
  /** Why the chip starts. EN counts as power, as on silicon. */
  reset: ResetReason;
  /** From the app's `esp_app_desc_t`. */
  projectName: string;
  version: string;
  /** Of the ESP-IDF that built the app, `v5.5.1`. */
  idfVersion: string;
  /** Where the app lies. */
  appOffset: number;
  partitions: readonly Partition[];
  flash: FirmwareFlash;
  line: FirmwareLine;
  clock: BoardClock;
  /** Restarts the chip: `stop` is called, then the boot chain runs anew. Returns at once; nothing may follow it. */
  restart(reason: Exclude<ResetReason, 'power'>): void;
}

export interface RunningFirmware {
  /** Bytes came in over the serial line. */
  receive(bytes: Uint8Array): void;
  /** Reset or loss of power: everything ends now, nothing may be written or sent after. */
  stop(): void;
}

/**
 * Starts the firmware of an app image, or returns a sentence when it knows no such project; the board then halts and
 * says that sentence.
 */
export type StartFirmware = (start: FirmwareStart) => RunningFirmware | string;
