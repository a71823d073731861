/** Takes a file of history in, CSV or JSON, told apart by what it says itself. Never throws. */
import type { ImportAnswer, Progress } from '../history-port.ts';
import { CsvReader } from './csv-reader.ts';
import { ImportSink, type ImportTarget } from './import-sink.ts';
import { isJsonHead, readDocument, readJsonLine } from './json-reader.ts';
import { linesOf, type Line } from './lines.ts';
import { parsedJson } from './read-records.ts';

/** What may be parsed as a whole: a document that some other program has put on other lines. */
const MOST_WHOLE_BYTES = 64 * 1024 * 1024;
/** Comment lines before the columns that are looked through. */
const MOST_PREAMBLE = 1_000_000;

/** @param onProgress in bytes of the file */
export async function importFile(file: File, target: ImportTarget, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<ImportAnswer> {
  const sink = new ImportSink(target);
  try {
    const known = (await readLines(file, sink, onProgress, signal)) ?? (await readWhole(file, sink));
    await sink.rest(true);
    if (!known) return refused(`${file.name} is no history that this page exported: that is a CSV file with the columns time, node, quantity and value, or its own JSON.`);
  } catch (error) {
    await sink.rest(true);
    if (signal.aborted) return refused(`The import was stopped. ${sink.samples.toLocaleString('en')} samples had been taken in already.`);
    return refused(`${file.name} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { samples, events, skipped, note } = sink;
  return { ok: true, samples, events, skipped, note };
}

/** Null when the file's lines are of no known form. */
async function readLines(file: File, sink: ImportSink, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<true | null> {
  let read: ((line: Line) => void) | null = null;
  const waiting: Line[] = [];
  for await (const lines of linesOf(file, (bytes) => onProgress({ done: bytes, total: file.size }))) {
    signal.throwIfAborted();
    for (const line of lines) {
      if (!read) {
        if (line.number === 1 && isJsonHead(line.text)) read = ({ text, number }) => readJsonLine(text, number, sink);
        else if (line.text.startsWith('#') || line.text.trim() === '') waiting.push(line);
        else if (CsvReader.isHeader(line.text)) {
          const csv = new CsvReader(sink);
          for (const early of waiting) csv.read(early);
          read = (each) => csv.read(each);
        } else return null;
        if (waiting.length > MOST_PREAMBLE) return null;
      }
      read?.(line);
    }
    await sink.rest(false);
  }
  return read ? true : null;
}

async function readWhole(file: File, sink: ImportSink): Promise<boolean> {
  if (file.size > MOST_WHOLE_BYTES) return false;
  return readDocument(parsedJson(await file.text()), sink);
}

function refused(reason: string): ImportAnswer {
  return { ok: false, reason };
}
