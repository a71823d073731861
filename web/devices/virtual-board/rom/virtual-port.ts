/** The serial port of a virtual board, which behaves as Chromium's `SerialPort` does. https://wicg.github.io/serial/ */
import type { BoardPort } from '../../port/board-port.ts';

/** What the operating system holds for a slow line before a writer has to wait. */
const OS_BUFFER_BYTES = 4096;
/** A CP2102N, the bridge that most boards have. */
const USB_INFO = { usbVendorId: 0x10c4, usbProductId: 0xea60 };

/** The board's end of the cable. */
export interface PortWiring {
  /** More than this is lost when nobody reads. */
  unreadBytes: number;
  /** Null: it can be opened; else how `open` fails. */
  refusal(): string | null;
  opened(): void;
  closed(): void;
  signals(dataTerminalReady: boolean, requestToSend: boolean): void;
  /** Resolves when all but `mayWaitBytes` have gone out. */
  transmit(bytes: Uint8Array, baud: number, mayWaitBytes: number): Promise<void>;
}

export class VirtualPort implements BoardPort {
  readonly #wiring: PortWiring;
  readonly #listeners = new Set<() => void>();
  #baud: number | null = null;
  #lost = false;
  #readable: ReadableStream<Uint8Array> | null = null;
  #readableController: ReadableStreamDefaultController<Uint8Array> | null = null;
  #writable: WritableStream<Uint8Array> | null = null;
  #writableController: WritableStreamDefaultController | null = null;
  #signals = { dtr: false, rts: false };
  /** Settles when the port is being closed: nobody waits any more for what is on its way to the board. */
  #closing: Promise<void> = Promise.resolve();
  #stopWaiting: () => void = () => undefined;

  constructor(wiring: PortWiring) {
    this.#wiring = wiring;
  }

  /** Null while closed. */
  get baud(): number | null {
    return this.#baud;
  }

  get readable(): ReadableStream<Uint8Array> | null {
    if (this.#baud === null || this.#lost) return null;
    // As with a real port, a stream that was cancelled is followed by a fresh one.
    this.#readable ??= new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#readableController = controller;
        },
        cancel: () => {
          this.#readable = null;
          this.#readableController = null;
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: this.#wiring.unreadBytes }),
    );
    return this.#readable;
  }

  get writable(): WritableStream<Uint8Array> | null {
    if (this.#baud === null || this.#lost) return null;
    const gone = () => {
      this.#writable = null;
      this.#writableController = null;
    };
    this.#writable ??= new WritableStream({
      start: (controller) => {
        this.#writableController = controller;
      },
      write: (chunk) => Promise.race([this.#wiring.transmit(chunk.slice(), this.#baud!, OS_BUFFER_BYTES), this.#closing]),
      close: gone,
      abort: gone,
    });
    return this.#writable;
  }

  async open({ baudRate }: { baudRate: number; bufferSize?: number }): Promise<void> {
    if (this.#baud !== null) throw new DOMException("Failed to execute 'open' on 'SerialPort': The port is already open.", 'InvalidStateError');
    if (!Number.isInteger(baudRate) || baudRate <= 0) throw new TypeError("Failed to execute 'open' on 'SerialPort': Requested baud rate must be greater than zero.");
    const refusal = this.#wiring.refusal();
    if (refusal !== null) throw new DOMException(refusal, 'NetworkError');
    this.#lost = false;
    this.#baud = baudRate;
    this.#closing = new Promise((resolve) => {
      this.#stopWaiting = resolve;
    });
    this.#wiring.opened();
    // Linux and macOS assert both lines when a port is opened, which the board's two transistors cancel out.
    this.#setSignals(true, true);
  }

  async close(): Promise<void> {
    if (this.#baud === null) throw new DOMException("Failed to execute 'close' on 'SerialPort': The port is already closed.", 'InvalidStateError');
    if (this.#readable?.locked || this.#writable?.locked) throw new TypeError("Failed to execute 'close' on 'SerialPort': Cannot cancel a locked stream");
    this.#stopWaiting();
    await this.#readable?.cancel();
    await this.#writable?.abort().catch(() => undefined);
    const lost = this.#lost;
    this.#forget();
    if (lost) return;
    this.#setSignals(false, false);
    this.#wiring.closed();
  }

  async setSignals({ dataTerminalReady, requestToSend }: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void> {
    if (this.#baud === null) throw new DOMException("Failed to execute 'setSignals' on 'SerialPort': The port is closed.", 'InvalidStateError');
    if (this.#lost) throw new DOMException("Failed to execute 'setSignals' on 'SerialPort': Failed to set control signals.", 'NetworkError');
    this.#setSignals(dataTerminalReady ?? this.#signals.dtr, requestToSend ?? this.#signals.rts);
  }

  getInfo(): { usbVendorId: number; usbProductId: number } {
    return { ...USB_INFO };
  }

  addEventListener(_type: 'disconnect', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'disconnect', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Bytes from the board. */
  receive(bytes: Uint8Array): void {
    if (this.readable !== null && this.#readableController!.desiredSize! > 0) this.#readableController!.enqueue(bytes.slice());
  }

  /** The cable was pulled. */
  lose(): void {
    if (this.#baud !== null && !this.#lost) {
      this.#lost = true;
      const error = new DOMException('The device has been lost.', 'NetworkError');
      this.#readableController?.error(error);
      this.#writableController?.error(error);
      this.#readable = null;
      this.#writable = null;
      this.#readableController = null;
      this.#writableController = null;
    }
    for (const listener of [...this.#listeners]) listener();
  }

  #forget(): void {
    this.#baud = null;
    this.#lost = false;
    this.#readable = null;
    this.#writable = null;
    this.#readableController = null;
    this.#writableController = null;
    this.#signals = { dtr: false, rts: false };
  }

  #setSignals(dtr: boolean, rts: boolean): void {
    this.#signals = { dtr, rts };
    this.#wiring.signals(dtr, rts);
  }
}
