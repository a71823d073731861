/** The serial line to a board that runs: text for its console and frames for programs, across pulled cables and other users of the port. */
import { type Parsed, refused } from '../../protocol/parsed.ts';
import type { BoardPort } from '../port/board-port.ts';
import { type Clock, pause, wallClock } from './clock.ts';
import { BoardConsole } from './console/board-console.ts';
import type { Frame } from './frame.ts';
import type { FrameLine } from './frame-line.ts';
import { FrameSplitter } from './frame-splitter.ts';
import { openFailure } from './line-diagnosis.ts';
import type { LineState } from './line-state.ts';
import { Listeners } from './listeners.ts';
import { readPort } from './read-port.ts';

export interface SerialSessionOptions {
  clock?: Clock;
  /** What native USB ignores. */
  baudRate?: number;
}

export interface Loan {
  /** Closed; for the borrower alone, until it gives it back. */
  port: BoardPort;
  /** Opens the line again, if it was open. Never rejects. */
  giveBack(): Promise<void>;
}

/** At 115200 baud over a second of what a hidden tab does not fetch. */
const BUFFER_BYTES = 65_536;
/** A frame comes in one piece; what lies longer is none. */
const HELD_MS = 300;
const SEEK_MS = 1000;
/** As esptool: the capacitor at EN needs about that long. */
const RESET_MS = 100;

export class SerialSession implements FrameLine {
  readonly console: BoardConsole;
  readonly #clock: Clock;
  readonly #baudRate: number;
  readonly #splitter: FrameSplitter;
  readonly #states = new Listeners();
  readonly #frames = new Listeners<[Frame]>();
  readonly #cuts = new Listeners<[string]>();
  readonly #onDisconnect = () => this.#lost();
  #port: BoardPort;
  #state: LineState = { kind: 'closed' };
  /** Ends the reading of one opening of the port. */
  #reading: AbortController | null = null;
  #readingDone: Promise<void> = Promise.resolve();
  #writing: Promise<unknown> = Promise.resolve();
  #writer: WritableStreamDefaultWriter<Uint8Array> | null = null;
  /** The cable was pulled since the port was opened last: the board may come back as another port. */
  #gone = false;
  /** What it came back as while the port was lent. */
  #next: BoardPort | null = null;
  #cancelHeld: (() => void) | null = null;
  #cancelSeek: (() => void) | null = null;

  constructor(port: BoardPort, { clock = wallClock, baudRate = 115_200 }: SerialSessionOptions = {}) {
    this.#port = port;
    this.#clock = clock;
    this.#baudRate = baudRate;
    this.console = new BoardConsole(clock);
    this.#splitter = new FrameSplitter({
      onText: (bytes) => this.console.push(bytes),
      onFrame: (frame) => this.#frames.tell(frame),
    });
    port.addEventListener('disconnect', this.#onDisconnect);
  }

  get state(): LineState {
    return this.#state;
  }

  get port(): BoardPort {
    return this.#port;
  }

  /** When `state` changed. */
  subscribe(listener: () => void): () => void {
    return this.#states.add(listener);
  }

  onFrame(listener: (frame: Frame) => void): () => void {
    return this.#frames.add(listener);
  }

  onCut(listener: (reason: string) => void): () => void {
    return this.#cuts.add(listener);
  }

  /** Never rejects: `state` says what came of it. */
  async open(): Promise<void> {
    if (this.#state.kind !== 'closed' && this.#state.kind !== 'failed') return;
    this.#become({ kind: 'opening' });
    await this.#open((error) => this.#become({ kind: 'failed', diagnosis: openFailure(error) }));
  }

  /** Never rejects. A line that is lent stays with its borrower, and is closed when it comes back. */
  async close(): Promise<void> {
    this.#stopSeeking();
    if (this.#state.kind === 'lent') return;
    this.#become({ kind: 'closed' });
    await this.#shut('The line to the board was closed.');
  }

  /** No more is to be had of this session. */
  async dispose(): Promise<void> {
    await this.close();
    this.#port.removeEventListener('disconnect', this.#onDisconnect);
  }

  /** By the lines that the BOOT and EN buttons pull, so it also works on a board that hangs. */
  async reset(): Promise<Parsed<null>> {
    if (this.#state.kind !== 'open') return refused(this.#closedSentence());
    try {
      this.console.expectReset();
      await this.#port.setSignals({ dataTerminalReady: false, requestToSend: true });
      await pause(this.#clock, RESET_MS);
      await this.#port.setSignals({ requestToSend: false });
      return { ok: true, value: null };
    } catch {
      return refused('The board could not be reset over this line: press its EN or RST button.');
    }
  }

  write(bytes: Uint8Array): Promise<Parsed<null>> {
    const written = this.#writing.then(() => this.#write(bytes));
    this.#writing = written;
    return written;
  }

  /** The port for another user, such as the flasher: only one at a time. */
  async lend(to: string): Promise<Parsed<Loan>> {
    const { kind } = this.#state;
    if (kind === 'lent' || kind === 'lost' || kind === 'opening') return refused(this.#closedSentence());
    const wasOpen = kind === 'open';
    this.#become({ kind: 'lent', to });
    await this.#shut(`The line was given to ${to}.`);
    let given = true;
    const giveBack = async () => {
      if (!given) return;
      given = false;
      await this.#takeBack(wasOpen);
    };
    return { ok: true, value: { port: this.#port, giveBack } };
  }

  /**
   * A port that is there again, as `navigator.serial` tells: true when it is the board that this session had lost, which
   * is then open again soon. Of boards of the same make without serial numbers the first to come back is taken.
   */
  arrived(port: BoardPort): boolean {
    if (!this.#gone) return false;
    if (port !== this.#port) {
      const [before, now] = [this.#port.getInfo(), port.getInfo()];
      if (before.usbVendorId === undefined || before.usbVendorId !== now.usbVendorId || before.usbProductId !== now.usbProductId) return false;
    }
    if (this.#state.kind === 'lent') this.#next = port;
    else this.#adopt(port);
    if (this.#state.kind === 'lost') this.#seek(0);
    return true;
  }

  #adopt(port: BoardPort): void {
    if (port === this.#port) return;
    this.#port.removeEventListener('disconnect', this.#onDisconnect);
    this.#port = port;
    port.addEventListener('disconnect', this.#onDisconnect);
  }

  async #open(failed: (error: unknown) => void): Promise<void> {
    const port = this.#port;
    try {
      await port.open({ baudRate: this.#baudRate, bufferSize: BUFFER_BYTES });
    } catch (error) {
      failed(error);
      return;
    }
    if (this.#state.kind !== 'opening' && this.#state.kind !== 'lost') {
      // Closed or lent while it opened.
      await port.close().catch(() => undefined);
      return;
    }
    this.#gone = false;
    const reading = new AbortController();
    this.#reading = reading;
    this.#become({ kind: 'open', baud: this.#baudRate, sinceMs: this.#clock.nowMs() });
    this.#readingDone = readPort(port, this.#clock, reading.signal, {
      onBytes: (bytes) => this.#took(bytes),
      onTrouble: (sentence) => this.console.note(sentence),
    }).then((ended) => {
      if (ended === 'lost' && !reading.signal.aborted) this.#lost();
    });
  }

  async #write(bytes: Uint8Array): Promise<Parsed<null>> {
    const writable = this.#port.writable;
    if (this.#state.kind !== 'open' || writable === null) return refused(this.#closedSentence());
    let writer: WritableStreamDefaultWriter<Uint8Array> | null = null;
    try {
      writer = writable.getWriter();
      this.#writer = writer;
      await writer.write(bytes);
      return { ok: true, value: null };
    } catch {
      return refused('The board\'s line took no bytes: check the cable.');
    } finally {
      this.#writer = null;
      writer?.releaseLock();
    }
  }

  #took(bytes: Uint8Array): void {
    this.#splitter.push(bytes);
    this.#cancelHeld?.();
    this.#cancelHeld = this.#splitter.holding ? this.#clock.after(HELD_MS, () => this.#splitter.flush()) : null;
  }

  /** The state is already another; afterwards nothing holds the port. */
  async #shut(reason: string): Promise<void> {
    this.#cuts.tell(reason);
    this.#cancelHeld?.();
    this.#cancelHeld = null;
    this.#reading?.abort();
    this.#reading = null;
    await this.#writer?.abort().catch(() => undefined);
    await this.#readingDone;
    await this.#writing;
    this.#splitter.flush();
    this.console.endLine();
    // A port that was lost is closed already and says so.
    await this.#port.close().catch(() => undefined);
  }

  #lost(): void {
    this.#gone = true;
    if (this.#state.kind !== 'open') return;
    this.#become({ kind: 'lost', sinceMs: this.#clock.nowMs() });
    this.console.note('The board is gone: its cable was pulled, or it lost power.');
    void this.#shut('The board is gone: its cable was pulled, or it lost power.').then(() => this.#seek(SEEK_MS));
  }

  #seek(delayMs: number): void {
    this.#stopSeeking();
    if (this.#state.kind !== 'lost') return;
    this.#cancelSeek = this.#clock.after(delayMs, () => {
      this.#cancelSeek = null;
      void this.#readingDone.then(() => this.#open(() => this.#seek(SEEK_MS))).then(() => {
        if (this.#state.kind === 'open') this.console.note('The board is back.');
      });
    });
  }

  #stopSeeking(): void {
    this.#cancelSeek?.();
    this.#cancelSeek = null;
  }

  async #takeBack(open: boolean): Promise<void> {
    // Whoever had it may have left it open.
    await this.#port.close().catch(() => undefined);
    if (this.#next) this.#adopt(this.#next);
    this.#next = null;
    if (this.#gone && open) {
      this.#become({ kind: 'lost', sinceMs: this.#clock.nowMs() });
      this.#seek(0);
      return;
    }
    this.#become({ kind: 'closed' });
    if (open) await this.open();
  }

  #closedSentence(): string {
    switch (this.#state.kind) {
      case 'lent':
        return `The line to the board is in use by ${this.#state.to}: wait until it is done, or cancel it there.`;
      case 'lost':
        return 'The board is gone: plug its cable in again.';
      case 'opening':
        return 'The line to the board is just being opened: try again in a moment.';
      default:
        return 'The line to the board is closed: open it first.';
    }
  }

  #become(state: LineState): void {
    this.#state = state;
    this.#states.tell();
  }
}
