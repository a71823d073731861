/** Reads history from CSV lines: those that this page writes, and those that went through a spreadsheet. */
import type { SeriesKey } from '../history-port.ts';
import { csvColumns, parseSeries } from './file-words.ts';
import type { ImportSink } from './import-sink.ts';
import type { Line } from './lines.ts';
import { parseFloat32 } from './number-text.ts';
import { parsedJson, readEvent, readProvenance } from './read-records.ts';

type Column = (typeof csvColumns)[number];

export class CsvReader {
  readonly #sink: ImportSink;
  #separator = ',';
  #at: Record<Column, number> | null = null;
  readonly #series = new Map<string, SeriesKey | string>();

  constructor(sink: ImportSink) {
    this.#sink = sink;
  }

  /** Whether a file's line names the columns. */
  static isHeader(text: string): boolean {
    return columnsOf(text) !== null;
  }

  read({ text, number }: Line): void {
    if (text.trim() === '') return;
    if (text.startsWith('#')) this.#comment(text, number);
    else if (this.#at === null) this.#header(text);
    else this.#row(text, number, this.#at);
  }

  #header(text: string): void {
    const columns = columnsOf(text);
    if (!columns) return;
    this.#separator = columns.separator;
    this.#at = columns.at;
  }

  #comment(text: string, line: number): void {
    const [, what, json] = /^# (event|provenance) (.*)$/s.exec(text) ?? [];
    if (what === 'event') readEvent(parsedJson(json!), line, this.#sink);
    if (what === 'provenance') readProvenance(parsedJson(json!), line, this.#sink);
  }

  #row(text: string, line: number, at: Record<Column, number>): void {
    const fields = fieldsOf(text, this.#separator);
    const [node, quantity, unit] = [fields[at.node], fields[at.quantity], at.unit < 0 ? null : fields[at.unit]];
    const name = `${node},${quantity},${unit}`;
    let series = this.#series.get(name);
    if (series === undefined) this.#series.set(name, (series = parseSeries(node, quantity, unit)));
    if (typeof series === 'string') {
      this.#sink.skip(line, series);
      return;
    }
    const time = fields[at.time] ?? '';
    const value = fields[at.value] ?? '';
    // Spreadsheets that separate by semicolons write decimals with a comma.
    const number = parseFloat32(this.#separator === ';' ? value.replace(',', '.') : value);
    this.#sink.sample(series, Date.parse(time), number, line, time);
  }
}

function columnsOf(text: string): { separator: string; at: Record<Column, number> } | null {
  const separator = [',', ';', '\t'].find((each) => text.includes(each)) ?? ',';
  const names = fieldsOf(text.replace(/^\ufeff/, ''), separator);
  const at = Object.fromEntries(csvColumns.map((column) => [column, names.indexOf(column)])) as Record<Column, number>;
  return csvColumns.every((column) => at[column] >= 0 || column === 'unit') ? { separator, at } : null;
}

/** No value that this page writes holds a separator or a quotation mark; spreadsheets may quote them all the same. */
function fieldsOf(text: string, separator: string): string[] {
  const fields = text.split(separator);
  return text.includes('"') ? fields.map((field) => field.replace(/^\s*"(.*)"\s*$/, '$1')) : fields;
}
