/**
 * The serial line under esptool-js. Its own transport polls with timers, which browsers stretch to a second in hidden
 * tabs, prints to the console, can wait forever for a lock, and opens ports with Chromium's buffer of 255 bytes. This one
 * wakes when bytes come, and nothing that is awaited on it outlives its deadline, the cable or `abort`.
 */
import { Transport } from 'esptool-js';
import type { BoardPort } from '../../port/board-port.ts';
import { pause, type FlasherClock } from '../flasher-clock.ts';
import { FlashFailure, textOf } from '../flash-failure.ts';
import type { FlashLog } from '../flash-log.ts';
import { SlipDecoder, slipEncode } from './slip.ts';

const bufferBytes = 32 * 1024;
/** A block of flash, its header and the escapes of SLIP. */
const mostFrameBytes = 64 * 1024;
const portCallMs = 3000;
const closeMs = 1500;
/** Of what a board says before it speaks SLIP. */
const mostTextBytes = 8 * 1024;
/** After these a port goes on reading. https://wicg.github.io/serial/#dom-serialport-readable */
const passingErrors = ['BufferOverrunError', 'BreakError', 'FramingError', 'ParityError'];

/** An answer did not come in time; the port is well. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

type Device = ConstructorParameters<typeof Transport>[0];

export class BoardTransport extends Transport {
  readonly #port: BoardPort;
  readonly #clock: FlasherClock;
  readonly #log: FlashLog;
  readonly #decoder = new SlipDecoder(mostFrameBytes);
  readonly #frames: Uint8Array[] = [];
  readonly #abortWaiters = new Set<(failure: FlashFailure) => void>();
  #aborted: FlashFailure | null = null;
  #wake: (() => void) | null = null;
  #text = '';
  #serialReader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #serialWriter: WritableStreamDefaultWriter<Uint8Array> | null = null;
  #reading: Promise<void> = Promise.resolve();
  #open = false;
  readonly #lost = (): void => this.abort(new FlashFailure('port-lost', 'The port reported that the device is gone.'));

  constructor(port: BoardPort, clock: FlasherClock, log: FlashLog) {
    // The library uses no more of a SerialPort than a BoardPort has.
    super(port as unknown as Device);
    this.#port = port;
    this.#clock = clock;
    this.#log = log;
  }

  /** All that waits, and all that is begun later, fails with this. */
  abort(failure: FlashFailure): void {
    if (this.#aborted) return;
    this.#aborted = failure;
    for (const fail of this.#abortWaiters) fail(failure);
  }

  get aborted(): FlashFailure | null {
    return this.#aborted;
  }

  /** What came in since the last flush, as text. */
  get text(): string {
    return this.#text;
  }

  /** Fails after `ms`, on `abort` and when the cable is pulled, whatever `work` does. */
  within<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (then: () => void): void => {
        cancel();
        this.#abortWaiters.delete(reject);
        then();
      };
      const cancel = this.#clock.setTimer(ms, () => {
        settle(() => reject(new NoAnswer(`${what} took longer than ${Math.round(ms)} ms.`)));
      });
      if (this.#aborted) settle(() => reject(this.#aborted!));
      else this.#abortWaiters.add(reject);
      work.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error instanceof Error ? error : new Error(String(error)))),
      );
    });
  }

  pause(ms: number): Promise<void> {
    return this.within(pause(this.#clock, ms), ms + portCallMs, 'A pause');
  }

  /** Rejects with a `FlashFailure` that says whether somebody else has the port. */
  async openAt(baud: number): Promise<void> {
    if (this.#aborted) throw this.#aborted;
    this.#log.add(`open at ${baud} baud`);
    const opening = this.#port.open({ baudRate: baud, bufferSize: bufferBytes });
    try {
      await this.within(opening, portCallMs, 'Opening the port');
    } catch (error) {
      // One that opens after all would stay taken.
      void opening.then(() => this.#port.close()).catch(() => {});
      if (error instanceof FlashFailure) throw error;
      throw new FlashFailure('port-taken', textOf(error));
    }
    this.#open = true;
    this.#port.addEventListener('disconnect', this.#lost);
    this.baudrate = baud;
    this.#serialWriter = this.#port.writable?.getWriter() ?? null;
    // Its rejection shows in write(); this one would be unhandled.
    this.#serialWriter?.closed.catch(() => {});
    this.flushInput();
    this.#reading = this.#readAll();
  }

  /** Never rejects and never hangs; afterwards the port is closed, unless the browser itself cannot. */
  async shut(): Promise<void> {
    this.#port.removeEventListener('disconnect', this.#lost);
    if (!this.#open) return;
    this.#open = false;
    const reader = this.#serialReader;
    const writer = this.#serialWriter;
    this.#serialWriter = null;
    await this.#atMost(closeMs, reader?.cancel(), 'cancel reader');
    await this.#atMost(closeMs, this.#reading, 'end of reading');
    await this.#atMost(closeMs, writer?.abort(), 'abort writer');
    writer?.releaseLock();
    await this.#atMost(closeMs, this.#port.close(), 'close');
  }

  /** The same chip at another speed; Web Serial can change it only by closing. */
  async reopenAt(baud: number): Promise<void> {
    await this.shut();
    await this.openAt(baud);
  }

  override async setSignals(dtr: boolean, rts: boolean): Promise<void> {
    await this.within(this.#port.setSignals({ dataTerminalReady: dtr, requestToSend: rts }), portCallMs, 'Setting DTR and RTS');
  }

  /** As `setSignals`, but also when the job was aborted; for letting the board run at the end. Never rejects. */
  async setSignalsAtEnd(dtr: boolean, rts: boolean): Promise<void> {
    if (this.#open) await this.#atMost(closeMs, this.#port.setSignals({ dataTerminalReady: dtr, requestToSend: rts }), 'signals');
  }

  override async write(frame: Uint8Array): Promise<void> {
    await this.writeRaw(slipEncode(frame));
  }

  async writeRaw(bytes: Uint8Array): Promise<void> {
    if (this.#aborted) throw this.#aborted;
    if (!this.#serialWriter) throw new FlashFailure('port-lost', 'The port has no writable stream.');
    const wireMs = (bytes.length * 10_000) / this.baudrate;
    try {
      await this.within(this.#serialWriter.write(bytes), 3 * wireMs + portCallMs, 'Writing to the port');
    } catch (error) {
      if (error instanceof FlashFailure || error instanceof NoAnswer) throw error;
      throw new FlashFailure('port-lost', textOf(error));
    }
  }

  /** The next frame. `timeoutMs` is for the whole frame. */
  override read(timeoutMs: number): Promise<Uint8Array> {
    return this.readMatching(() => true, timeoutMs);
  }

  /** The next frame that is `wanted`; others are dropped. */
  async readMatching(wanted: (frame: Uint8Array) => boolean, timeoutMs: number): Promise<Uint8Array> {
    const untilMs = this.#clock.nowMs() + timeoutMs;
    for (;;) {
      if (this.#aborted) throw this.#aborted;
      const frame = this.#frames.shift();
      if (frame && wanted(frame)) return frame;
      if (frame) continue;
      const leftMs = untilMs - this.#clock.nowMs();
      if (leftMs <= 0) throw new NoAnswer(`No answer within ${Math.round(timeoutMs)} ms.`);
      await this.#arrival(leftMs);
    }
  }

  /** Waits until `wanted` is in what the board says, at most so long; whether it came. */
  async waitForText(wanted: RegExp, timeoutMs: number): Promise<boolean> {
    const untilMs = this.#clock.nowMs() + timeoutMs;
    while (!wanted.test(this.#text)) {
      const leftMs = untilMs - this.#clock.nowMs();
      if (leftMs <= 0) return false;
      await this.#arrival(leftMs);
    }
    return true;
  }

  override flushInput(): void {
    this.#frames.length = 0;
    this.#decoder.reset();
    this.#text = '';
  }

  /** Until nothing has come for `quietMs`. */
  override async drainInput(quietMs = 30, mostMs = 400): Promise<void> {
    const untilMs = this.#clock.nowMs() + mostMs;
    while (this.#clock.nowMs() < untilMs && (await this.#arrival(quietMs)));
    this.flushInput();
  }

  override trace(message: string): void {
    this.#log.add(message);
  }

  override inWaiting(): number {
    return this.#text.length;
  }

  override peek(): Uint8Array {
    return Uint8Array.from(this.#text, (char) => char.charCodeAt(0));
  }

  // Opening, reading and closing are this class's own; the library's calls find them done.
  override async connect(): Promise<void> {}
  override async readLoop(): Promise<void> {}
  override async disconnect(): Promise<void> {
    await this.drainInput();
  }

  /** Whether bytes came before the time was up. */
  #arrival(mostMs: number): Promise<boolean> {
    const arrived = new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(true);
    });
    return this.within(arrived, mostMs, 'Waiting').catch((error: unknown) => {
      if (error instanceof NoAnswer) return false;
      throw error;
    });
  }

  async #readAll(): Promise<void> {
    while (this.#open && this.#port.readable) {
      const reader = this.#port.readable.getReader();
      this.#serialReader = reader;
      try {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return;
          this.#take(value);
        }
      } catch (error) {
        this.#log.add(`reading: ${textOf(error)}`);
        if (!(error instanceof Error && passingErrors.includes(error.name))) {
          if (this.#open) this.abort(new FlashFailure('port-lost', textOf(error)));
          return;
        }
      } finally {
        this.#serialReader = null;
        reader.releaseLock();
      }
    }
  }

  #take(bytes: Uint8Array): void {
    if (this.#text.length < mostTextBytes) this.#text += String.fromCharCode(...bytes.subarray(0, mostTextBytes));
    for (const frame of this.#decoder.feed(bytes)) this.#frames.push(frame);
    this.#wake?.();
  }

  async #atMost(ms: number, work: Promise<unknown> | undefined, what: string): Promise<void> {
    if (!work) return;
    const problem = await new Promise<string | null>((resolve) => {
      const cancel = this.#clock.setTimer(ms, () => resolve('did not end'));
      work.then(
        () => (cancel(), resolve(null)),
        (error: unknown) => (cancel(), resolve(textOf(error))),
      );
    });
    if (problem !== null) this.#log.add(`${what}: ${problem}`);
  }
}
