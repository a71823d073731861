/** A chip with its flash and its serial line, between one reset and the next. */
import type { BoardClock } from './board-clock.ts';
import { boot, type BootResult } from './boot-chain.ts';
import { type ChipEfuses, type ChipFamily, type ChipModel, chipModels } from './chip-model.ts';
import type { ResetReason, RunningFirmware, StartFirmware } from './firmware-port.ts';
import { Loader } from './loader.ts';
import type { NorFlash } from './nor-flash.ts';
import { Registers } from './registers.ts';

export const BOOT_BAUD = 115_200;
/** From the reset to the ROM's first word. */
const ROM_START_MS = 12;
/** From the ROM's last word to the app's first. */
const APP_START_MS = 180;
/** The ROM and the bootloader start anew after this long when nothing can be started. */
const RETRY_MS = 1500;
const RESTART_MS = 4;

/** What the chip does. */
export type ChipMode =
  | { kind: 'booting' }
  /** The loader of the ROM, or the stub that was loaded into RAM, waits for a flasher. */
  | { kind: 'download'; loader: 'rom' | 'stub' }
  /** Nothing that could start lies in its flash; the ROM tries again and again. `reason` is a sentence. */
  | { kind: 'empty'; reason: string }
  /** A valid app that no virtual board can run. `reason` is a sentence. */
  | { kind: 'foreign'; reason: string }
  | { kind: 'running'; projectName: string; version: string };

export interface ChipSurroundings {
  family: ChipFamily;
  efuses: ChipEfuses;
  /** `aa:bb:cc:dd:ee:ff` */
  macText: string;
  flash: NorFlash;
  clock: BoardClock;
  paced: boolean;
  /** As latched when EN rose: true when IO0 was low. */
  downloadStrap: boolean;
  startFirmware: StartFirmware | null;
  /** Puts bytes on the line at a baud rate, not before `fromMs`. */
  send(bytes: Uint8Array, baud: number, fromMs: number): void;
  pendingBytes(): number;
  modeChanged(mode: ChipMode): void;
}

export class Chip {
  readonly #surroundings: ChipSurroundings;
  readonly #model: ChipModel;
  #baud = BOOT_BAUD;
  #loader: Loader | null = null;
  #firmware: RunningFirmware | null = null;
  #cancelTimer: (() => void) | null = null;
  #off = false;

  constructor(surroundings: ChipSurroundings, reason: ResetReason) {
    this.#surroundings = surroundings;
    this.#model = chipModels[surroundings.family];
    this.#start(reason);
  }

  /** The baud rate at which it hears a sender of that rate. */
  baudFor(sentBaud: number): number {
    if (this.#loader?.takesAnyBaud) this.#baud = sentBaud;
    return this.#baud;
  }

  receive(bytes: Uint8Array, atMs: number): void {
    if (this.#loader !== null) this.#loader.receive(bytes, atMs);
    else this.#firmware?.receive(bytes);
  }

  /** EN is low, or the power is gone: it does nothing any more. */
  stop(): void {
    this.#off = true;
    this.#halt();
  }

  #halt(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#loader = null;
    const firmware = this.#firmware;
    this.#firmware = null;
    firmware?.stop();
  }

  #restart(reason: Exclude<ResetReason, 'power'>): void {
    if (this.#off) return;
    this.#halt();
    this.#after(RESTART_MS, () => this.#start(reason));
  }

  #start(reason: ResetReason): void {
    this.#baud = BOOT_BAUD;
    this.#surroundings.modeChanged({ kind: 'booting' });
    this.#after(ROM_START_MS, () => {
      if (this.#surroundings.downloadStrap) this.#download(reason);
      else this.#boot(reason);
    });
  }

  #download(reason: ResetReason): void {
    const { flash, efuses, paced, clock } = this.#surroundings;
    const model = this.#model;
    this.#loader = new Loader({
      model,
      flash,
      registers: new Registers(model, flash, model.registers(efuses), () => this.#baud),
      secureBoot: efuses.secureBoot,
      flashEncryption: efuses.flashEncryption,
      paced,
      send: (bytes, fromMs) => this.#surroundings.send(bytes, this.#baud, fromMs),
      setBaud: (baud) => {
        this.#baud = baud;
      },
      restart: () => this.#restart('software'),
      stubStarted: () => this.#surroundings.modeChanged({ kind: 'download', loader: 'stub' }),
    });
    this.#surroundings.modeChanged({ kind: 'download', loader: 'rom' });
    this.#say(`${this.#romLines(reason, this.#model.bootText.download)}waiting for download\r\n`, clock.nowMs());
  }

  #boot(reason: ResetReason): void {
    const { flash, efuses, clock } = this.#surroundings;
    const { lines, result } = boot({ model: this.#model, flash, ...efuses });
    this.#say(this.#romLines(reason, this.#model.bootText.run), clock.nowMs());
    this.#say(lines.map((line) => `${line}\r\n`).join(''), clock.nowMs());
    if (result.kind === 'empty') {
      this.#surroundings.modeChanged({ kind: 'empty', reason: result.reason });
      this.#after(RETRY_MS, () => this.#boot('watchdog'));
      return;
    }
    this.#after(APP_START_MS, () => this.#startApp(reason, result));
  }

  #startApp(reason: ResetReason, result: Exclude<BootResult, { kind: 'empty' }>): void {
    const { startFirmware, family, macText, flash, clock } = this.#surroundings;
    if (result.kind === 'foreign') return this.#surroundings.modeChanged(result);
    const { projectName, version, idfVersion } = result.app;
    if (startFirmware === null) {
      return this.#surroundings.modeChanged({ kind: 'foreign', reason: `Nothing here can run ${projectName}.` });
    }
    const firmware = startFirmware({
      chip: family,
      mac: macText,
      reset: reason,
      projectName,
      version,
      idfVersion,
      appOffset: result.appOffset,
      partitions: result.partitions,
      flash: {
        bytes: flash.sizeBytes,
        read: (offset, bytes) => flash.read(offset, bytes),
        write: (offset, data) => void flash.program(offset, data),
        erase: (offset, bytes) => void flash.erase(offset, bytes),
      },
      line: {
        write: (bytes) => {
          if (!this.#off) this.#surroundings.send(bytes, this.#baud, clock.nowMs());
        },
        pendingBytes: () => this.#surroundings.pendingBytes(),
      },
      clock,
      restart: (why) => this.#restart(why),
    });
    if (typeof firmware === 'string') return this.#surroundings.modeChanged({ kind: 'foreign', reason: firmware });
    this.#firmware = firmware;
    this.#surroundings.modeChanged({ kind: 'running', projectName, version });
  }

  #romLines(reason: ResetReason, mode: string): string {
    const { banner, reset } = this.#model.bootText;
    return `${banner}${reset[reason === 'panic' ? 'software' : reason]},${mode}\r\n`;
  }

  #say(text: string, fromMs: number): void {
    this.#surroundings.send(new TextEncoder().encode(text), this.#baud, fromMs);
  }

  #after(delayMs: number, fire: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#surroundings.clock.setTimer(this.#surroundings.paced ? delayMs : Math.min(delayMs, 1), () => {
      this.#cancelTimer = null;
      fire();
    });
  }
}
