/**
 * A board without hardware: a chip, its flash, its buttons and its power behind a serial port. What lies behind the port
 * speaks what silicon speaks, so one flasher serves both.
 */
import type { BoardPort } from '../../port/board-port.ts';
import { stream } from '../../../sim/random.ts';
import type { BoardClock } from './board-clock.ts';
import { Chip, type ChipMode } from './chip.ts';
import type { ChipFamily } from './chip-model.ts';
import { Disturbance } from './disturbance.ts';
import type { PortFault } from './faults.ts';
import type { ResetReason, StartFirmware } from './firmware-port.ts';
import { NorFlash } from './nor-flash.ts';
import { UartLine } from './uart-line.ts';
import { VirtualPort } from './virtual-port.ts';
import { VIRTUAL_MAC_PREFIX } from '../virtual-marks.ts';

export interface VirtualBoardOptions {
  chip: ChipFamily;
  clock: BoardClock;
  /** Of its MAC and of the chance in its faults. */
  seed: number;
  /** 4 MiB unless said; a power of two from 1 to 16 MiB. */
  flashBytes?: number;
  /** What lies in its flash, from its start on; erased unless given. Copied. */
  flashContents?: Uint8Array;
  /** Without it the board boots up to the app and stops there. */
  startFirmware?: StartFirmware;
  /** False: neither bytes nor flash take time, for tests. True unless said. */
  paced?: boolean;
  /** Of the USB bridge, each way; 1 ms unless said. */
  latencyMs?: number;
  /** EN rises this long after it is let go (its capacitor), and the straps are read then. 2 ms unless said. */
  enRiseMs?: number;
}

/** What the board does. */
export type BoardMode = ChipMode | { kind: 'off' } /** EN is low. */ | { kind: 'reset' };

/** The first three bytes of a virtual board's MAC: locally administered, so no real board has them. */
const MAC_PREFIX = VIRTUAL_MAC_PREFIX.split(':', 3).map((byte) => parseInt(byte, 16));
/** The bridge's, the system's and the browser's buffers together. */
const UNREAD_BYTES = 0x10000;
const DEFAULT_FLASH_BYTES = 0x400000;
const DEFAULT_LATENCY_MS = 1;
const DEFAULT_EN_RISE_MS = 2;

/** Constructed plugged in and with power: it boots at once. */
export class VirtualBoard {
  readonly chip: ChipFamily;
  /** `aa:bb:cc:dd:ee:ff` */
  readonly mac: string;
  readonly #macBytes: Uint8Array;
  readonly #options: VirtualBoardOptions;
  readonly #paced: boolean;
  readonly #flash: NorFlash;
  readonly #port: VirtualPort;
  readonly #toBoard: UartLine;
  readonly #toHost: UartLine;
  readonly #disturbance: Disturbance;
  readonly #modeListeners = new Set<(mode: BoardMode) => void>();
  #mode: BoardMode = { kind: 'off' };
  #running: Chip | null = null;
  #power = true;
  #portOpen = false;
  #signals = { dtr: false, rts: false };
  #buttons = { boot: false, en: false };
  /** When EN will have risen, and how to stop that; null when it is low, or high already. */
  #rise: { atMs: number; cancel: () => void } | null = null;
  #riseReason: ResetReason = 'power';

  constructor(options: VirtualBoardOptions) {
    this.#options = options;
    this.#paced = options.paced ?? true;
    this.chip = options.chip;
    const random = stream(options.seed, 'virtual-board');
    this.#macBytes = Uint8Array.from([...MAC_PREFIX, random.int(0, 255), random.int(0, 255), random.int(0, 255)]);
    this.mac = Array.from(this.#macBytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
    this.#flash = new NorFlash(options.flashBytes ?? DEFAULT_FLASH_BYTES, options.flashContents);
    this.#disturbance = new Disturbance(stream(options.seed, 'virtual-board/faults'), {
      cableCameOff: () => this.power(false),
      supplyDropped: () => this.#resetByItself('brownout'),
    });
    this.#flash.wornPage = () => this.#disturbance.wearsPage();
    const { clock, latencyMs = DEFAULT_LATENCY_MS } = options;
    this.#toBoard = new UartLine({ clock, paced: this.#paced, latencyMs, deliver: (bytes, baud, atMs) => this.#hearHost(bytes, baud, atMs) });
    this.#toHost = new UartLine({ clock, paced: this.#paced, latencyMs, deliver: (bytes, baud) => this.#hearChip(bytes, baud) });
    this.#port = new VirtualPort({
      unreadBytes: this.#paced ? UNREAD_BYTES : Infinity,
      refusal: () => (!this.#power || this.#disturbance.is('port-taken') ? "Failed to execute 'open' on 'SerialPort': Failed to open serial port." : null),
      opened: () => {
        this.#portOpen = true;
        if (this.#disturbance.is('reset-on-open')) this.#resetByItself('power');
      },
      closed: () => this.#portClosed(),
      signals: (dtr, rts) => {
        this.#settle();
        this.#signals = { dtr, rts };
        this.#linesChanged();
      },
      transmit: (bytes, baud, mayWaitBytes) => this.#transmit(bytes, baud, mayWaitBytes),
    });
    this.#linesChanged();
  }

  /** The same for the board's life. */
  get port(): BoardPort {
    return this.#port;
  }

  get flashBytes(): number {
    return this.#flash.sizeBytes;
  }

  get mode(): BoardMode {
    return this.#mode;
  }

  /** Null when nothing disturbs. */
  get fault(): PortFault | null {
    return this.#disturbance.fault;
  }

  /** Calls at every change of mode, until what it returns is called. */
  watchMode(hear: (mode: BoardMode) => void): () => void {
    this.#modeListeners.add(hear);
    return () => this.#modeListeners.delete(hear);
  }

  /** Calls with offset and length of what changed, after each erase and write, until what it returns is called. */
  watchFlash(hear: (offset: number, bytes: number) => void): () => void {
    return this.#flash.watch(hear);
  }

  /** A copy of its flash, or of a part of it, as it is now. */
  flashCopy(offset = 0, bytes = this.#flash.sizeBytes - offset): Uint8Array<ArrayBuffer> {
    return this.#flash.read(offset, bytes);
  }

  /** Disturbs until another call; null for none. A pulled cable is plugged in again by the next call. */
  inject(fault: PortFault | null): void {
    if (this.#disturbance.is('pulled') && !this.#power) this.power(true);
    this.#disturbance.fault = fault;
    this.#linesChanged();
  }

  /** Pulls or plugs in the cable, which is also the power. */
  power(on: boolean): void {
    if (this.#power === on) return;
    this.#power = on;
    if (!on) {
      this.#portOpen = false;
      this.#signals = { dtr: false, rts: false };
      this.#toBoard.clear();
    }
    this.#linesChanged();
    if (!on) this.#port.lose();
  }

  /** `boot` pulls the boot strap low (IO0, or IO9 on the C3 and C6), `en` holds the chip in reset. */
  press(button: 'boot' | 'en', down: boolean): void {
    this.#settle();
    this.#buttons[button] = down;
    this.#linesChanged();
  }

  /** DTR alone pulls IO0 low, RTS alone EN: both together do nothing, by the two transistors. */
  get #enLow(): boolean {
    const { dtr, rts } = this.#signals;
    return this.#buttons.en || (rts && !dtr) || this.#disturbance.is('stuck-in-reset');
  }

  get #strapLow(): boolean {
    const { dtr, rts } = this.#signals;
    return this.#buttons.boot || (dtr && !rts && !this.#disturbance.is('no-auto-reset'));
  }

  #linesChanged(): void {
    if (!this.#power || this.#enLow) {
      this.#rise?.cancel();
      this.#rise = null;
      this.#riseReason = 'power';
      this.#stopChip();
      this.#setMode({ kind: this.#power ? 'reset' : 'off' });
    } else if (this.#running === null && this.#rise === null) {
      const { clock, enRiseMs = DEFAULT_EN_RISE_MS } = this.#options;
      const cancel = clock.setTimer(enRiseMs, () => this.#enRose());
      this.#rise = { atMs: clock.nowMs() + enRiseMs, cancel };
    }
  }

  /** A timer that is late must not let the straps be read later than on silicon. */
  #settle(): void {
    if (this.#rise === null || this.#options.clock.nowMs() < this.#rise.atMs) return;
    this.#rise.cancel();
    this.#enRose();
  }

  #enRose(): void {
    this.#rise = null;
    const reason = this.#riseReason;
    this.#riseReason = 'power';
    const { clock, startFirmware = null } = this.#options;
    const fault = this.#disturbance.fault;
    this.#running = new Chip(
      {
        family: fault?.kind === 'wrong-chip' ? fault.chip : this.chip,
        efuses: { mac: this.#macBytes, secureBoot: fault?.kind === 'secure-boot', flashEncryption: fault?.kind === 'flash-encryption' },
        macText: this.mac,
        flash: this.#flash,
        clock,
        paced: this.#paced,
        downloadStrap: this.#strapLow,
        startFirmware,
        send: (bytes, baud, fromMs) => {
          if (this.#portOpen) this.#toHost.send(bytes, baud, fromMs);
        },
        pendingBytes: () => this.#toHost.pendingBytes,
        modeChanged: (mode) => this.#setMode(mode),
      },
      reason,
    );
  }

  #resetByItself(reason: ResetReason): void {
    this.#stopChip();
    this.#rise?.cancel();
    this.#rise = null;
    this.#linesChanged();
    this.#riseReason = reason;
  }

  #stopChip(): void {
    this.#running?.stop();
    this.#running = null;
    this.#toHost.clear();
  }

  #portClosed(): void {
    this.#portOpen = false;
    this.#toHost.clear();
  }

  async #transmit(bytes: Uint8Array, baud: number, mayWaitBytes: number): Promise<void> {
    this.#toBoard.send(bytes, baud, this.#options.clock.nowMs());
    await new Promise<void>((resolve) => this.#toBoard.whenAtMost(mayWaitBytes, resolve));
  }

  #hearHost(bytes: Uint8Array, baud: number, atMs: number): void {
    const chip = this.#running;
    if (chip === null) return;
    const heard = this.#disturbance.pass(bytes, baud, chip.baudFor(baud), baud);
    // A counted fault may have stopped the chip just now.
    if (this.#running === chip && heard.length > 0) chip.receive(heard, atMs);
  }

  #hearChip(bytes: Uint8Array, baud: number): void {
    const hostBaud = this.#port.baud;
    if (hostBaud === null) return;
    const heard = this.#disturbance.pass(bytes, baud, hostBaud, hostBaud);
    if (heard.length > 0) this.#port.receive(heard);
  }

  #setMode(mode: BoardMode): void {
    if (JSON.stringify(mode) === JSON.stringify(this.#mode)) return;
    this.#mode = mode;
    for (const hear of [...this.#modeListeners]) hear(mode);
  }
}
