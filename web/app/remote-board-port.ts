/** The page's end of a virtual board's serial port; it behaves as Chromium's `SerialPort` does. */
import type { BoardPort } from '../devices/port/board-port.ts';
import { fromWire, type FromBoardPort, type ToBoardPort } from './board-port-wire.ts';

type Order = ToBoardPort extends infer One ? (One extends ToBoardPort ? Omit<One, 'id'> : never) : never;

export class RemoteBoardPort implements BoardPort {
  readonly #wire: MessagePort;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  #orders = 0;
  #open = false;
  /** The cable is out: no stream comes after those that failed. */
  #lost = false;
  #readable: ReadableStream<Uint8Array> | null = null;
  #reading: ReadableStreamDefaultController<Uint8Array> | null = null;
  #writable: WritableStream<Uint8Array> | null = null;
  #writing: WritableStreamDefaultController | null = null;

  constructor(wire: MessagePort) {
    this.#wire = wire;
    wire.onmessage = ({ data }: MessageEvent<FromBoardPort>) => this.#hear(data);
  }

  get readable(): ReadableStream<Uint8Array> | null {
    if (!this.#open || this.#lost) return null;
    this.#readable ??= new ReadableStream({
      start: (controller) => {
        this.#reading = controller;
      },
      cancel: () => {
        this.#readable = this.#reading = null;
      },
    });
    return this.#readable;
  }

  get writable(): WritableStream<Uint8Array> | null {
    if (!this.#open || this.#lost) return null;
    const gone = (): void => {
      this.#writable = this.#writing = null;
    };
    this.#writable ??= new WritableStream({
      start: (controller) => {
        this.#writing = controller;
      },
      // The writer may use its bytes again, so these are a copy.
      write: (bytes) => this.#ask({ kind: 'write', bytes: bytes.slice() }),
      close: gone,
      abort: gone,
    });
    return this.#writable;
  }

  async open(options: { baudRate: number; bufferSize?: number }): Promise<void> {
    if (this.#open) throw new DOMException('The port is already open.', 'InvalidStateError');
    const { baudRate, bufferSize } = options;
    await this.#ask({ kind: 'open', options: { baudRate, ...(bufferSize !== undefined && { bufferSize }) } });
    this.#open = true;
    this.#lost = false;
  }

  async close(): Promise<void> {
    if (!this.#open) throw new DOMException('The port is already closed.', 'InvalidStateError');
    if (this.#readable?.locked || this.#writable?.locked) throw new TypeError('Cannot cancel a locked stream');
    await this.#readable?.cancel();
    await this.#writable?.abort().catch(() => undefined);
    this.#open = false;
    this.#readable = this.#reading = this.#writable = this.#writing = null;
    await this.#ask({ kind: 'close' });
  }

  async setSignals(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void> {
    if (!this.#open) throw new DOMException('The port is closed.', 'InvalidStateError');
    await this.#ask({ kind: 'signals', signals });
  }

  /** Of a CP2102N, the bridge that most boards have. */
  getInfo(): { usbVendorId?: number; usbProductId?: number } {
    return { usbVendorId: 0x10c4, usbProductId: 0xea60 };
  }

  addEventListener(_type: 'disconnect', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'disconnect', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  #ask(order: Order): Promise<void> {
    const id = (this.#orders += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#wire.postMessage({ ...order, id } satisfies ToBoardPort);
    });
  }

  #hear(message: FromBoardPort): void {
    switch (message.kind) {
      case 'answer': {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if (message.error) waiting?.reject(fromWire(message.error));
        else waiting?.resolve();
        return;
      }
      case 'bytes':
        if (this.readable) this.#reading?.enqueue(message.bytes);
        return;
      case 'failed':
        this.#reading?.error(fromWire(message.error));
        this.#readable = this.#reading = null;
        return;
      case 'disconnect':
        this.#lose();
    }
  }

  #lose(): void {
    this.#lost = true;
    const error = new DOMException('The device has been lost.', 'NetworkError');
    this.#reading?.error(error);
    this.#writing?.error(error);
    this.#readable = this.#reading = this.#writable = this.#writing = null;
    for (const listener of [...this.#listeners]) listener();
  }
}
