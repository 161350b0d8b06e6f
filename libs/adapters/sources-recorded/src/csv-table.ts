import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { recordingCorrupt } from './recording-errors.ts';

/** A delimited file in memory. `file` and `remedy` are for its errors. */
export interface CsvTable {
  readonly file: string;
  readonly remedy: string;
  readonly columns: readonly string[];
  readonly records: readonly (readonly string[])[];
}

/** @throws PipelineError `recording-corrupt` (reject) for a file that cannot be read or is cut off. */
export function readText(path: string, file: string, remedy: string): string {
  try {
    const bytes = readFileSync(path);
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (cause) {
    throw recordingCorrupt(file, path.endsWith('.gz') ? 'cannot be unpacked (cut off, or not gzip)' : 'cannot be read', remedy, cause);
  }
}

// Most files have no quotes, and splitting is ten times as fast as a full parser.
function recordsOf(text: string): string[][] {
  if (text.includes('"')) return parse(text, { relax_column_count: true, skip_empty_lines: true });
  return text.split(/\r?\n/).filter((line) => line !== '').map((line) => line.split(','));
}

/** @throws PipelineError `recording-corrupt` (reject) for rows that do not have the header's columns. */
export function readTable(text: string, file: string, remedy: string): CsvTable {
  const [columns, ...records] = tryRecords(text, file, remedy);
  if (columns === undefined) throw recordingCorrupt(file, 'is empty', remedy);
  const short = records.findIndex((record) => record.length !== columns.length);
  if (short >= 0) throw recordingCorrupt(file, `line ${short + 2} has ${records[short]?.length ?? 0} columns, the header ${columns.length}`, remedy);
  return { file, remedy, columns: columns.map((column) => column.replace(/^\uFEFF/, '')), records };
}

function tryRecords(text: string, file: string, remedy: string): string[][] {
  try {
    return recordsOf(text);
  } catch (cause) {
    throw recordingCorrupt(file, 'is not delimited text', remedy, cause);
  }
}

/** One record of a table, read by column name with errors that name file, line and column. */
export class CsvRecord {
  readonly #table: CsvTable;
  readonly #places: ReadonlyMap<string, number>;
  #index = 0;

  private constructor(table: CsvTable, places: ReadonlyMap<string, number>) {
    this.#table = table;
    this.#places = places;
  }

  /**
   * Reads every record with one reader that moves along.
   *
   * @throws PipelineError `recording-corrupt` (reject) when required columns are missing.
   */
  static map<Result>(table: CsvTable, required: readonly string[], read: (record: CsvRecord) => Result): Result[] {
    const missing = required.filter((column) => !table.columns.includes(column));
    if (missing.length > 0) throw recordingCorrupt(table.file, `the columns ${missing.join(', ')} are missing`, table.remedy);
    const record = new CsvRecord(table, new Map(table.columns.map((column, index) => [column, index])));
    return table.records.map((_, index) => {
      record.#index = index;
      return read(record);
    });
  }

  /** The text of a column; empty when the table has no such column. */
  text(column: string): string {
    return this.#table.records[this.#index]?.[this.#places.get(column) ?? -1] ?? '';
  }

  /** A whole number; `12` and `12.0` are the same. */
  integer(column: string): number {
    const value = this.optionalInteger(column);
    return value ?? this.fail(column, 'is empty');
  }

  optionalInteger(column: string): number | null {
    const text = this.text(column);
    if (text === '') return null;
    const value = Number(text);
    return Number.isInteger(value) ? value : this.fail(column, `is no whole number: ${JSON.stringify(text)}`);
  }

  number(column: string): number {
    const text = this.text(column);
    const value = Number(text);
    return text !== '' && Number.isFinite(value) ? value : this.fail(column, `is no number: ${JSON.stringify(text)}`);
  }

  /** Converts a column's text; whatever the conversion throws becomes an error with file, line and column. */
  as<Result>(column: string, convert: (text: string) => Result): Result {
    try {
      return convert(this.text(column));
    } catch (cause) {
      return this.fail(column, `cannot be read: ${JSON.stringify(this.text(column))}`, cause);
    }
  }

  fail(column: string, problem: string, cause?: unknown): never {
    throw recordingCorrupt(this.#table.file, `line ${this.#index + 2}, ${column} ${problem}`, this.#table.remedy, cause);
  }
}
