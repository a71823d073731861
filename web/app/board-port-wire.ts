/** A board's serial port across a `MessagePort`: what its two ends say to each other. */

export type ToBoardPort =
  | { kind: 'open'; id: number; options: { baudRate: number; bufferSize?: number } }
  | { kind: 'close'; id: number }
  | { kind: 'signals'; id: number; signals: { dataTerminalReady?: boolean; requestToSend?: boolean } }
  | { kind: 'write'; id: number; bytes: Uint8Array };

export type FromBoardPort =
  /** To the request of that number; `error` null when it was done. */
  | { kind: 'answer'; id: number; error: WireError | null }
  | { kind: 'bytes'; bytes: Uint8Array }
  /** Reading failed. */
  | { kind: 'failed'; error: WireError }
  | { kind: 'disconnect' };

/** `name` tells what a `DOMException` or a `TypeError` was. */
export interface WireError {
  name: string;
  message: string;
}

export function toWire(error: unknown): WireError {
  return error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) };
}

export function fromWire({ name, message }: WireError): Error {
  return name === 'TypeError' ? new TypeError(message) : new DOMException(message, name);
}
