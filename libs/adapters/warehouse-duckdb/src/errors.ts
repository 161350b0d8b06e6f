import { PipelineError, type ErrorCode, type ErrorFacts } from '@handoff/contracts';

/** What was being done when an error came, for the message and the facts. */
export interface ErrorContext {
  /** The statement's name, or `merge dataset.table`. */
  readonly doing: string;
  readonly facts?: ErrorFacts;
}

interface Classified {
  readonly code: ErrorCode;
  readonly advice: string;
}

const unavailable: Classified = { code: 'warehouse-unavailable', advice: 'the engine could not answer; the statement can be repeated' };
const refused: Classified = { code: 'warehouse-statement-refused', advice: 'change the statement (docs/sql.md)' };
const mismatch: Classified = { code: 'warehouse-schema-mismatch', advice: 'bring the table and the row schema in line, then try again' };
const tableMissing: Classified = { code: 'warehouse-table-missing', advice: 'create the table, then try again' };
const full: Classified = { code: 'warehouse-full', advice: 'free disk space; nothing of this write was kept' };
const inUse: Classified = { code: 'warehouse-in-use', advice: 'another process owns the warehouse file; stop it or use its control port' };
const corrupt: Classified = { code: 'warehouse-corrupt', advice: 'restore the warehouse file from a copy, or move it away and backfill' };

/** By DuckDB's error type, the words before `Error:`. A type that is not here is a failure of the engine: retry. */
const byType: Readonly<Record<string, Classified>> = {
  Parser: refused, Binder: refused, Syntax: refused, Catalog: refused, Conversion: refused, 'Invalid Input': refused, 'Out of Range': refused,
  'Mismatch Type': refused, 'Invalid Type': refused, 'Not implemented': refused, 'Parameter Not Resolved': refused, Constraint: mismatch,
  Serialization: corrupt, Corrupt: corrupt,
};

/** DuckDB reports files and disks under one type, so the operating system's words decide, before the type does. */
const byWords: readonly (readonly [words: RegExp, classified: Classified])[] = [
  [/No space left|File too large|Disk quota exceeded/i, full],
  [/Could not set lock|Conflicting lock|being used by another process/i, inUse],
  [/not a valid DuckDB database|checksum|corrupt|Failure while replaying WAL/i, corrupt],
];

const engineTypes = new Set(['IO', 'FATAL', 'INTERNAL', 'TransactionContext', 'Serialization', 'Corrupt', 'Out of Memory', 'Invalid']);

/** DuckDB's error type, `undefined` for an error that is not DuckDB's. */
export function engineErrorType(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // The client puts a few words of its own before some: "Failed to extract statements: Parser Error: …".
  return /(?:^|: )([A-Z][A-Za-z]*(?: [A-Za-z]+){0,3}) Error:/.exec(error.message)?.[1];
}

/**
 * The PipelineError for an error of DuckDB; an error that is not DuckDB's comes back as it is, being a bug.
 *
 * Codes beside the port's: `warehouse-full` (defer), `warehouse-in-use` (retry), `warehouse-corrupt` (defer).
 */
export function asPipelineError(error: unknown, context: ErrorContext): unknown {
  const type = engineErrorType(error);
  if (error instanceof PipelineError || !(error instanceof Error) || type === undefined) return error;
  const classified = classify(type, error.message);
  return new PipelineError({
    code: classified.code,
    message: `${context.doing}: ${error.message.split('\n')[0] ?? ''} (${classified.advice})`,
    facts: { ...context.facts, engineErrorType: type },
    cause: error,
  });
}

function classify(type: string, message: string): Classified {
  const worded = engineTypes.has(type) ? byWords.find(([words]) => words.test(message))?.[1] : undefined;
  if (worded !== undefined) return worded;
  if (type === 'Catalog' && /Catalog Error: Table with name/.test(message)) return tableMissing;
  // A column that a statement names and the table lacks: the table is behind the code, or ahead of it.
  if (type === 'Binder' && /Referenced column|does not have a column named/.test(message)) return mismatch;
  return byType[type] ?? unavailable;
}
