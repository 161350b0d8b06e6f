import { PipelineError } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { asPipelineError } from './errors.ts';

describe("DuckDB's errors", () => {
  it.each([
    ['IO Error: Could not write file "w.duckdb.wal": No space left on device', 'warehouse-full', 'defer'],
    ['FATAL Error: Failed: Could not write: No space left on device', 'warehouse-full', 'defer'],
    ['TransactionContext Error: Failed to commit: Could not write file "w.duckdb": File too large', 'warehouse-full', 'defer'],
    ['IO Error: Could not set lock on file "w.duckdb": Conflicting lock is held in node (PID 1)', 'warehouse-in-use', 'retry'],
    ['IO Error: The file "w.duckdb" exists, but it is not a valid DuckDB database file!', 'warehouse-corrupt', 'defer'],
    ['Serialization Error: Failed to deserialize: field id mismatch', 'warehouse-corrupt', 'defer'],
    ['IO Error: Could not read from file "w.duckdb": Input/output error', 'warehouse-unavailable', 'retry'],
    ['Out of Memory Error: failed to allocate data', 'warehouse-unavailable', 'retry'],
    ['FATAL Error: Failed: database has been invalidated because of a previous fatal error.', 'warehouse-unavailable', 'retry'],
    ['Constraint Error: NOT NULL constraint failed: t.a', 'warehouse-schema-mismatch', 'defer'],
    ['Binder Error: Referenced column "x" not found in FROM clause!', 'warehouse-schema-mismatch', 'defer'],
    ['Binder Error: No function matches the given name', 'warehouse-statement-refused', 'reject'],
    ['Failed to extract statements: Parser Error: syntax error at or near "WHERE"', 'warehouse-statement-refused', 'reject'],
    ['Catalog Error: Table with name x does not exist!', 'warehouse-table-missing', 'defer'],
    ['Conversion Error: No space left in text', 'warehouse-statement-refused', 'reject'],
  ])('%s: %s, %s', (message, code, disposition) => {
    const cause = new Error(message);
    expect(asPipelineError(cause, { doing: 'test' })).toMatchObject({ name: 'PipelineError', code, disposition, cause });
  });

  it('leaves a PipelineError and an error of our own code as they are', () => {
    const own = new TypeError('x is undefined');
    const known = new PipelineError({ code: 'warehouse-table-missing', disposition: 'defer', message: 'm' });
    expect(asPipelineError(own, { doing: 'test' })).toBe(own);
    expect(asPipelineError(known, { doing: 'test' })).toBe(known);
  });
});
