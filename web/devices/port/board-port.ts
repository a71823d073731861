/**
 * The serial line to a board, as far as we use it: the part of Web Serial's `SerialPort` that the polyfill over WebUSB
 * and the virtual board have too. https://wicg.github.io/serial/
 */
export interface BoardPort {
  /** Null while closed, and after a fatal error. */
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  /** Rejects with a `DOMException`: `InvalidStateError` when it is open already, `NetworkError` when it cannot be opened. */
  open(options: { baudRate: number; bufferSize?: number }): Promise<void>;
  /** Rejects while a reader or writer holds a lock. */
  close(): Promise<void>;
  /** DTR pulls IO0 low, RTS pulls EN low (both through the two transistors that boards have). */
  setSignals(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void>;
  getInfo(): { usbVendorId?: number; usbProductId?: number };
  /** `disconnect`: the cable was pulled. */
  addEventListener(type: 'disconnect', listener: () => void): void;
  removeEventListener(type: 'disconnect', listener: () => void): void;
}
