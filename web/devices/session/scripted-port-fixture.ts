/** The far end of a serial line for tests: bytes out as a test says, requests in as they come. */
import type { BoardPort } from '../port/board-port.ts';
import { parseRequest, type Request } from './frame.ts';
import { FrameSplitter } from './frame-splitter.ts';

export class ScriptedPort implements BoardPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  /** What `open` rejects with; null: it opens. */
  obstacle: Error | null = null;
  /** Called for each request that came in whole. */
  answer: (request: Request) => void = () => {};
  /** What the wire does to bytes, both ways. */
  wire: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  readonly requests: Request[] = [];
  readonly signals: { dataTerminalReady?: boolean; requestToSend?: boolean }[] = [];
  opened = 0;
  info: { usbVendorId?: number; usbProductId?: number } = { usbVendorId: 0x10c4, usbProductId: 0xea60 };
  readonly #listeners = new Set<() => void>();
  #out: ReadableStreamDefaultController<Uint8Array> | null = null;
  readonly #splitter = new FrameSplitter({
    onText: () => {},
    onFrame: (frame) => {
      const request = parseRequest(frame);
      if (request === null) return;
      this.requests.push(request);
      this.answer(request);
    },
  });

  async open(): Promise<void> {
    if (this.obstacle !== null) throw this.obstacle;
    if (this.readable !== null) throw named('InvalidStateError');
    this.opened++;
    this.#stream();
    this.writable = new WritableStream({ write: (bytes) => this.#splitter.push(this.wire(bytes)) });
  }

  async close(): Promise<void> {
    if (this.readable === null) throw named('InvalidStateError');
    if (this.readable.locked || this.writable?.locked) throw new TypeError('A reader or writer holds a lock.');
    this.readable = this.writable = this.#out = null;
  }

  async setSignals(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void> {
    this.signals.push(signals);
  }

  getInfo() {
    return this.info;
  }

  addEventListener(_type: 'disconnect', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'disconnect', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Lost when the port is closed, as on a wire. */
  send(bytes: Uint8Array | string): void {
    this.#out?.enqueue(this.wire(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes));
  }

  /** An error that the line survives. */
  disturb(name: string): void {
    const out = this.#out;
    this.#stream();
    out?.error(named(name));
  }

  unplug(): void {
    const out = this.#out;
    this.obstacle = named('NetworkError');
    this.readable = this.writable = this.#out = null;
    out?.error(named('NetworkError'));
    for (const listener of this.#listeners) listener();
  }

  plug(): void {
    this.obstacle = null;
  }

  #stream(): void {
    this.readable = new ReadableStream({
      start: (controller) => {
        this.#out = controller;
      },
    });
  }
}

function named(name: string): Error {
  const error = new Error(`a test's ${name}`);
  error.name = name;
  return error;
}
