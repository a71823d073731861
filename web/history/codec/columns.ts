/** A block of history as bytes: a column of times and one or more of values. */
import { ByteSink } from './byte-sink.ts';
import { ByteSource } from './byte-source.ts';
import { deflate, inflate } from './deflate.ts';
import { readTimes, writeTimes } from './time-column.ts';
import { readValues, writeValues } from './value-column.ts';

export interface Columns {
  /** Whole milliseconds since 1970, rising. */
  timeMs: Float64Array;
  /** Each as long as `timeMs`. */
  values: Float32Array[];
}

const PLAIN = 0;
const DEFLATED = 1;

/** Deflated where that makes it smaller. There has to be at least one row. */
export async function encodeColumns(columns: Columns): Promise<Uint8Array<ArrayBuffer>> {
  const plain = encode(columns);
  const deflated = await deflate(plain);
  return deflated.length < plain.length ? tagged(DEFLATED, deflated) : tagged(PLAIN, plain);
}

/** As it is: for columns so short that to start a stream costs more than it saves. */
export function encodeShortColumns(columns: Columns): Uint8Array<ArrayBuffer> {
  return tagged(PLAIN, encode(columns));
}

function encode({ timeMs, values }: Columns): Uint8Array<ArrayBuffer> {
  const sink = new ByteSink(timeMs.length * (2 + 4 * values.length) + 64);
  sink.varint(timeMs.length);
  sink.varint(values.length);
  writeTimes(timeMs, sink);
  for (const column of values) writeValues(column, sink);
  return sink.finish();
}

/** Throws when the bytes are no block. */
export async function decodeColumns(bytes: Uint8Array<ArrayBuffer>): Promise<Columns> {
  const body = bytes.subarray(1);
  const source = new ByteSource(bytes[0] === DEFLATED ? await inflate(body) : body);
  const rows = source.varint();
  const columns = source.varint();
  const timeMs = readTimes(rows, source);
  return { timeMs, values: Array.from({ length: columns }, () => readValues(rows, source)) };
}

function tagged(tag: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(body.length + 1);
  bytes[0] = tag;
  bytes.set(body, 1);
  return bytes;
}
