/**
 * A WebSocket as mqtt.js wants one, which hands on what comes in larger pieces: brokers send each message in a
 * frame of its own, and mqtt.js takes every frame through two streams and a timer.
 */

/** The part of a `WebSocket` that is used; `ws` for Node has it too. */
export interface PlainSocket {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(): void;
  /** Stops reading from the network, where the platform can (`ws`); a browser reads on. */
  pause?(): void;
  resume?(): void;
}

export type OpenSocket = (url: string, protocols: string[]) => PlainSocket;

export interface SocketWatcher {
  /** The question was a PINGREQ packet, the answer its PINGRESP. */
  onRoundTrip?(ms: number): void;
}

type SocketEvent = 'open' | 'close' | 'error' | 'message';

const OPEN = 1;
/** How long frames are gathered while they come thick. */
const GATHER_MS = 4;
/** One piece for mqtt.js; what is in it is taken in without a pause. */
const PIECE_BYTES = 256 * 1024;
/** What may wait here while the reader is held; beyond it the connection is given up. */
const WAITING_BYTES = 64 * 1024 * 1024;
const PINGREQ = 0xc0;
const PINGRESP = 0xd0;

export class GatheringSocket {
  // mqtt.js compares `readyState` with it.
  readonly OPEN = OPEN;
  readonly #socket: PlainSocket;
  readonly #watcher: SocketWatcher;
  readonly #listeners = new Map<SocketEvent, (event: unknown) => void>();
  #frames: ArrayBuffer[] = [];
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #handedMs = -Infinity;
  #arrivedMs = 0;
  #pingedMs: number | null = null;
  #held = false;
  #opened = false;
  #overflowed = false;

  constructor(socket: PlainSocket, watcher: SocketWatcher) {
    this.#socket = socket;
    this.#watcher = watcher;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#opened = true;
      this.#tell('open', {});
    };
    socket.onerror = () => this.#tell('error', { message: 'The WebSocket failed.' });
    socket.onclose = () => {
      this.#held = false;
      this.#handAll();
      this.#tell('close', {});
    };
    socket.onmessage = (event: { data: unknown }) => this.#gather(event.data);
  }

  /** Whether it was ever open. */
  get opened(): boolean {
    return this.#opened;
  }

  /** Whether the connection was given up because too much waited while the reader was held. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** When the first frame of the piece in hand arrived, milliseconds since 1970. */
  get arrivedMs(): number {
    return this.#arrivedMs;
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  addEventListener(type: SocketEvent, listener: (event: unknown) => void): void {
    this.#listeners.set(type, listener);
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    if (data.byteLength === 2 && data[0] === PINGREQ) this.#pingedMs ??= performance.now();
    this.#socket.send(data);
  }

  close(): void {
    this.#socket.close();
  }

  /** Nothing is handed on until `release`. */
  hold(): void {
    this.#held = true;
    this.#socket.pause?.();
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#socket.resume?.();
    this.#schedule();
  }

  #gather(data: unknown): void {
    // A text frame is against MQTT (section 6.0); as an empty piece it would pass unseen.
    const frame = data instanceof ArrayBuffer ? data : new TextEncoder().encode(String(data)).buffer;
    if (frame.byteLength === 2 && this.#pingedMs !== null && new Uint8Array(frame)[0] === PINGRESP) {
      this.#watcher.onRoundTrip?.(performance.now() - this.#pingedMs);
      this.#pingedMs = null;
    }
    if (this.#bytes === 0) this.#arrivedMs = performance.timeOrigin + performance.now();
    this.#frames.push(frame);
    this.#bytes += frame.byteLength;
    if (this.#bytes > WAITING_BYTES && !this.#overflowed) {
      this.#overflowed = true;
      this.#frames = [];
      this.#socket.close();
      return;
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#held || this.#timer !== null || this.#bytes === 0) return;
    // What comes after a silence is not made to wait.
    if (performance.now() - this.#handedMs > GATHER_MS) this.#handPiece();
    else this.#timer = setTimeout(() => this.#handPiece(), GATHER_MS);
  }

  #handPiece(): void {
    this.#timer = null;
    if (this.#held || this.#bytes === 0) return;
    const piece = this.#take();
    this.#handedMs = performance.now();
    this.#tell('message', { data: piece });
    this.#schedule();
  }

  #handAll(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#frames.length > 0) this.#tell('message', { data: this.#take() });
  }

  #take(): ArrayBuffer {
    let frames = 0;
    let bytes = 0;
    while (frames < this.#frames.length && (frames === 0 || bytes < PIECE_BYTES)) {
      bytes += this.#frames[frames++].byteLength;
    }
    const taken = this.#frames.splice(0, frames);
    this.#bytes -= bytes;
    if (taken.length === 1) return taken[0];
    const piece = new Uint8Array(bytes);
    let offset = 0;
    for (const frame of taken) {
      piece.set(new Uint8Array(frame), offset);
      offset += frame.byteLength;
    }
    return piece.buffer;
  }

  #tell(type: SocketEvent, event: unknown): void {
    this.#listeners.get(type)?.(event);
  }
}
