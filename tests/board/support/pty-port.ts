/** A board's pseudo terminal as the serial port that the page knows. */
import { closeSync, constants, openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import type { BoardPort } from '../../../web/devices/port/board-port.ts';

export class PtyPort implements BoardPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  readonly #path: string;
  readonly #listeners = new Set<() => void>();
  #streams: { input: ReadStream; output: WriteStream } | null = null;

  /** @param path what it is called, or a link to it, which may lead elsewhere at the next `open` */
  constructor(path: string) {
    this.#path = path;
  }

  async open(): Promise<void> {
    if (this.#streams !== null) throw new DOMException('The port is open.', 'InvalidStateError');
    const descriptors: number[] = [];
    try {
      // Each stream closes its own.
      for (let i = 0; i < 2; i++) descriptors.push(openSync(this.#path, constants.O_RDWR | constants.O_NOCTTY));
    } catch (error) {
      descriptors.forEach(closeSync);
      throw new DOMException(String(error), 'NetworkError');
    }
    const input = new ReadStream(descriptors[0]!);
    const output = new WriteStream(descriptors[1]!);
    input.setRawMode(true);
    this.#streams = { input, output };
    this.readable = this.#reading(input);
    this.writable = new WritableStream({
      write: (bytes) =>
        new Promise((resolve, reject) => {
          output.write(bytes, (error) => (error ? reject(error) : resolve()));
        }),
    });
    output.on('error', () => this.#gone());
  }

  async close(): Promise<void> {
    if (this.#streams === null) throw new DOMException('The port is closed.', 'InvalidStateError');
    if (this.readable?.locked || this.writable?.locked) throw new TypeError('A reader or writer holds a lock.');
    this.#end();
  }

  /** A pseudo terminal has no reset line. */
  setSignals(): Promise<void> {
    return Promise.reject(new DOMException('A pseudo terminal has no signals.', 'NetworkError'));
  }

  getInfo() {
    return {};
  }

  addEventListener(_type: 'disconnect', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'disconnect', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  #reading(input: ReadStream): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (controller) => {
        const fail = () => {
          if (this.#streams?.input !== input) return;
          controller.error(new DOMException('The board is gone.', 'NetworkError'));
          this.#gone();
        };
        input.on('data', (bytes: Buffer) => {
          if (this.#streams?.input === input) controller.enqueue(new Uint8Array(bytes));
        });
        input.once('error', fail);
        input.once('end', fail);
      },
    });
  }

  #gone(): void {
    this.#end();
    for (const listener of this.#listeners) listener();
  }

  #end(): void {
    const streams = this.#streams;
    this.#streams = null;
    this.readable = this.writable = null;
    streams?.input.destroy();
    streams?.output.destroy();
  }
}
