/**
 * Frames of Improv over serial, for both ends of the line: `IMPROV`, version, type, length, data, checksum, newline.
 * https://www.improv-wifi.com/serial/
 */
export const HEADER = Uint8Array.of(0x49, 0x4d, 0x50, 0x52, 0x4f, 0x56);
export const VERSION = 1;
/** Header, version, type and length. */
export const BEFORE_DATA_BYTES = HEADER.length + 3;
export const MAX_DATA_BYTES = 255;
/** What a request can carry behind its command number and length. */
export const MAX_REQUEST_BYTES = MAX_DATA_BYTES - 2;

export const frameType = { state: 1, error: 2, request: 3, result: 4 } as const;

export interface Frame {
  type: number;
  data: Uint8Array;
}

export interface Request {
  command: number;
  data: Uint8Array;
}

export interface Result {
  /** Which request it answers. */
  command: number;
  strings: readonly Uint8Array[];
}

const encoder = new TextEncoder();

/** Sum of all bytes, modulo 256. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) & 0xff;
  return sum;
}

/** With a newline before and behind, so that it neither begins nor ends inside a line. Throws `RangeError` for too much data. */
export function encodeFrame(type: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  if (data.length > MAX_DATA_BYTES) throw new RangeError(`A frame holds ${MAX_DATA_BYTES} bytes, not ${data.length}.`);
  const bytes = new Uint8Array(1 + BEFORE_DATA_BYTES + data.length + 2);
  const sumAt = 1 + BEFORE_DATA_BYTES + data.length;
  bytes[0] = 0x0a;
  bytes.set(HEADER, 1);
  bytes.set([VERSION, type, data.length], 1 + HEADER.length);
  bytes.set(data, 1 + BEFORE_DATA_BYTES);
  bytes[sumAt] = checksum(bytes.subarray(1, sumAt));
  bytes[sumAt + 1] = 0x0a;
  return bytes;
}

export function encodeRequest(command: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return encodeFrame(frameType.request, Uint8Array.of(command, data.length, ...data));
}

/** Each string is text or bytes, at most 255 of them, and all together fit a frame, else `RangeError`. */
export function encodeResult(command: number, strings: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const data = strings.flatMap((string) => [...prefixed(string)]);
  return encodeFrame(frameType.result, Uint8Array.of(command, data.length, ...data));
}

/** Null for a frame of another type, or one whose inner length does not fit. */
export function parseRequest({ type, data }: Frame): Request | null {
  if (type !== frameType.request || data.length < 2 || data[1] !== data.length - 2) return null;
  return { command: data[0]!, data: data.subarray(2) };
}

/** Null for a frame of another type, or one whose inner lengths do not fit. */
export function parseResult({ type, data }: Frame): Result | null {
  if (type !== frameType.result || data.length < 2 || data[1] !== data.length - 2) return null;
  const strings: Uint8Array[] = [];
  for (let at = 2; at < data.length; ) {
    const end = at + 1 + data[at]!;
    if (end > data.length) return null;
    strings.push(data.subarray(at + 1, end));
    at = end;
  }
  return { command: data[0]!, strings };
}

/** A string with its length in one byte before it. Throws `RangeError` beyond 255 bytes. */
export function prefixed(text: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  if (bytes.length > 255) throw new RangeError(`A string in a frame holds 255 bytes, not ${bytes.length}.`);
  return Uint8Array.of(bytes.length, ...bytes);
}
