/** A board in its loader: from the open port to the running stub at the highest speed that works, and back to its app. */
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { ESPLoader, UnexpectedChipIdError, UnexpectedChipMagicError } from 'esptool-js';
import type { BoardPort } from '../../port/board-port.ts';
import { pause, type FlasherClock } from '../flasher-clock.ts';
import { FlashFailure, textOf } from '../flash-failure.ts';
import type { FlashLog } from '../flash-log.ts';
import type { ChipFacts } from '../flash-state.ts';
import { BoardTransport, NoAnswer } from './board-transport.ts';
import { bootStateOf, noSync, romLines, waitsForDownload, type BootState } from './boot-log.ts';
import { flashBytesOf, readChipFacts } from './chip-facts.ts';
import { isNativeUsb, resetIntoApp, resetIntoLoader } from './reset-lines.ts';
import { StubCommands } from './stub-commands.ts';

const romBaud = 115_200;
/** In this order, from what good bridges do to what all do. */
export const bauds = [921_600, 460_800, 230_400, romBaud] as const;

/** Long enough for a hand to find the BOOT button. */
const syncAttempts = 9;
const syncsPerAttempt = 4;
/** The ROM and the stub, whole, with all that can be repeated in between. */
const identifyMs = 15_000;
const stubMs = 20_000;
const stubAttempts = 3;
/** Of a driver that needs a moment after a change of speed. */
const settleMs = 20;
const checkedFrameBytes = 4096;
const checkedReadBytes = 8192;
/** What the stub's USB stack takes at once. */
const nativeUsbBlockBytes = 0x800;

export type HearStep = (step: string, attempt: number) => void;

export class LoaderSession {
  readonly #clock: FlasherClock;
  readonly #log: FlashLog;
  readonly #hear: HearStep;
  readonly transport: BoardTransport;
  #loader: ESPLoader | null = null;
  #stub: StubCommands | null = null;
  #chip: ChipFacts | null = null;

  constructor(port: BoardPort, clock: FlasherClock, log: FlashLog, hear: HearStep) {
    this.#clock = clock;
    this.#log = log;
    this.#hear = hear;
    this.transport = new BoardTransport(port, clock, log);
  }

  get baud(): number {
    return this.transport.baudrate;
  }

  get chip(): ChipFacts {
    if (!this.#chip) throw new FlashFailure('other', 'The session is not open.');
    return this.#chip;
  }

  /** Rejects with a `FlashFailure` on a chip that lets no stub run. */
  get stub(): StubCommands {
    if (!this.#stub) throw new FlashFailure('secure-boot', 'No stub runs on this chip.');
    return this.#stub;
  }

  /** The largest block of compressed bytes that the line to the stub takes. */
  get blockBytes(): number {
    const { FLASH_WRITE_SIZE: bytes = nativeUsbBlockBytes } = this.#loader ?? {};
    // Native USB of several chips stalls on large compressed blocks: https://github.com/espressif/esptool-js/issues
    return isNativeUsb(this.transport) ? Math.min(bytes, nativeUsbBlockBytes) : bytes;
  }

  /** Rejects with a `FlashFailure`. `mostBaud` is where to begin when higher speeds failed before. */
  async open(mostBaud: number): Promise<ChipFacts> {
    this.#hear('Opening the port', 1);
    await this.transport.openAt(romBaud);
    await this.#startStub();
    await this.#raiseBaud(mostBaud);
    return this.chip;
  }

  /** After the stub stopped answering: into the loader again, at no more than `mostBaud`. */
  async reopen(mostBaud: number): Promise<void> {
    const before = this.chip;
    await this.transport.reopenAt(romBaud);
    await this.#startStub();
    if (this.chip.mac !== before.mac) throw new FlashFailure('wrong-chip', 'Another board answers now.', 'swapped');
    await this.#raiseBaud(mostBaud);
  }

  /** The board runs its app and the port is closed, as far as the cable allows. Never rejects. */
  async close(): Promise<void> {
    await resetIntoApp(this.transport, (ms) => pause(this.#clock, ms));
    await this.transport.shut();
  }

  async #startStub(): Promise<void> {
    let problem: unknown = null;
    for (let attempt = 0; attempt < stubAttempts; attempt++) {
      try {
        await this.#synchronise();
        await this.#identify();
        return;
      } catch (error) {
        if (error instanceof FlashFailure) throw error;
        if (error instanceof UnexpectedChipIdError || error instanceof UnexpectedChipMagicError) problem ??= error;
        else problem = error;
        this.#log.add(`loader: ${textOf(error)}`);
      }
    }
    throw new FlashFailure('garbled', textOf(problem));
  }

  async #synchronise(): Promise<void> {
    const seen = new Set<BootState>();
    for (let attempt = 0; attempt < syncAttempts; attempt++) {
      const held = seen.has('app') ? 'Hold the BOOT button of the board down' : 'Waking the loader in the chip';
      this.#hear(held, attempt + 1);
      await resetIntoLoader(this.transport, attempt);
      await this.transport.waitForText(waitsForDownload, 120);
      for (const line of romLines(this.transport.text)) this.#log.add(`board: ${line}`);
      const state = bootStateOf(this.transport.text);
      if (await this.#sync()) return;
      this.#log.add(`attempt ${attempt + 1}: ${state}`);
      seen.add(state);
    }
    throw noSync(seen);
  }

  async #sync(): Promise<boolean> {
    this.#loader = this.#newLoader();
    for (let tries = 0; tries < syncsPerAttempt; tries++) {
      try {
        await this.#loader.sync();
        return true;
      } catch (error) {
        if (error instanceof FlashFailure) throw error;
      }
    }
    return false;
  }

  async #identify(): Promise<void> {
    const loader = this.#loader!;
    this.#hear('Asking what chip it is', 1);
    await this.transport.drainInput();
    await this.transport.within(loader.connect('no_reset', 2, true), identifyMs, 'Asking what chip it is');
    const facts = await this.transport.within(readChipFacts(loader), identifyMs, 'Reading what chip it is');
    this.#chip = facts;
    this.#stub = null;
    if (loader.secureDownloadMode) return;
    this.#hear('Loading the flasher into the chip', 1);
    try {
      await this.transport.within(loader.runStub(), stubMs, 'Loading the flasher');
    } catch (error) {
      // A protected chip may refuse it; then all that can be done is to say so.
      if (!(error instanceof FlashFailure) && (facts.secureBoot || facts.flashEncryption)) return;
      throw error;
    }
    if (!loader.IS_STUB) throw new FlashFailure('other', `esptool has no flasher for the ${facts.familyName}.`, 'no-stub');
    this.#stub = new StubCommands(loader, this.transport, this.#log);
    const flashId = await this.transport.within(loader.readFlashId(), identifyMs, 'Asking the flash what it is');
    this.#chip = { ...facts, flashId: hexId(flashId), flashBytes: flashBytesOf(loader, flashId) };
  }

  async #raiseBaud(mostBaud: number): Promise<void> {
    if (!this.#stub || isNativeUsb(this.transport)) return;
    for (const baud of bauds.filter((candidate) => candidate <= mostBaud && candidate > romBaud)) {
      this.#hear(`Trying ${baud} baud`, 1);
      try {
        await this.#stub.changeBaud(baud, this.baud);
        await this.transport.reopenAt(baud);
        await this.transport.pause(settleMs);
        await this.#checkTransfer();
        return;
      } catch (error) {
        if (error instanceof FlashFailure) throw error;
        this.#log.add(`${baud} baud does not work: ${textOf(error)}`);
      }
      await this.transport.reopenAt(romBaud);
      await this.#startStub();
    }
  }

  /** Bytes in both directions, as many as a block has: a bridge that is too slow loses some of them. */
  async #checkTransfer(): Promise<void> {
    const stub = this.stub;
    if (!(await stub.answers()) && !(await stub.answers())) throw new NoAnswer('Nothing answers at this speed.');
    if (!(await stub.takesFrame(checkedFrameBytes))) throw new NoAnswer('A long frame does not arrive.');
    const hash = md5.create();
    await stub.readFlash(0, checkedReadBytes, (piece) => hash.update(piece), () => bytesToHex(hash.digest()));
  }

  #newLoader(): ESPLoader {
    const line = (text: string): void => this.#log.add(text.trimEnd());
    return new ESPLoader({
      transport: this.transport,
      baudrate: romBaud,
      romBaudrate: romBaud,
      terminal: { clean: () => {}, write: line, writeLine: line },
    });
  }
}

function hexId(flashId: number): string | null {
  // All zeros or all ones: no flash chip answered.
  return flashId === 0 || (flashId & 0xffffff) === 0xffffff ? null : (flashId & 0xffffff).toString(16).padStart(6, '0');
}
