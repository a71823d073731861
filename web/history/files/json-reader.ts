/** Reads history from records of the JSON that this page writes. */
import { FORMAT, FORMAT_VERSION, parseSeries } from './file-words.ts';
import type { ImportSink } from './import-sink.ts';
import { parsedJson, readEvent, readProvenance } from './read-records.ts';

type Foreign = Record<string, unknown>;

/** Whether a file's first line begins such a document. */
export function isJsonHead(text: string): boolean {
  return text.replace(/^\ufeff/, '').startsWith(`{"format":"${FORMAT}","version":${FORMAT_VERSION},`);
}

/** A line of the document: one record, or what is between the lists of them. */
export function readJsonLine(text: string, line: number, sink: ImportSink): void {
  const json = text.trim().replace(/,$/, '');
  if (json === '' || /^("\w+":\[|\]|\]\}|\})$/.test(json) || isJsonHead(text)) return;
  readRecord(parsedJson(json), line, sink);
}

/** A document that was parsed as a whole; false when it is of some other kind. */
export function readDocument(document: unknown, sink: ImportSink): boolean {
  if (!isObject(document) || document.format !== FORMAT || document.version !== FORMAT_VERSION) return false;
  for (const part of ['provenance', 'events', 'samples']) {
    const records = document[part];
    if (Array.isArray(records)) for (const record of records) readRecord(record, 1, sink);
  }
  return true;
}

function readRecord(record: unknown, line: number, sink: ImportSink): void {
  if (!isObject(record)) sink.skip(line, 'it cannot be read.');
  else if ('quantity' in record) readSamples(record, line, sink);
  else if ('tier' in record) readProvenance(record, line, sink);
  else readEvent(record, line, sink);
}

function readSamples({ node, quantity, unit = null, timeMs, value }: Foreign, line: number, sink: ImportSink): void {
  const series = parseSeries(node, quantity, unit);
  if (typeof series === 'string') sink.skip(line, series);
  else if (!Array.isArray(timeMs) || !Array.isArray(value) || timeMs.length !== value.length) {
    sink.skip(line, 'it has not as many times as values.');
  } else {
    for (const [i, time] of timeMs.entries()) sink.sample(series, typeof time === 'number' ? time : NaN, float32(value[i]), line, time);
  }
}

function float32(value: unknown): number | null {
  if (value === 'Infinity' || value === '-Infinity') return Number(value);
  return typeof value === 'number' ? Math.fround(value) : null;
}

function isObject(value: unknown): value is Foreign {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
