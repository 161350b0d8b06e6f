import { PipelineError, type ErrorFacts } from '@handoff/contracts';

/** A statement that is outside the portable subset, or that BigQuery refuses: `warehouse-statement-refused` (reject). */
export const statementRefused = (message: string, facts: ErrorFacts, cause?: unknown): PipelineError =>
  new PipelineError({ code: 'warehouse-statement-refused', disposition: 'reject', message, facts, cause });

/** Rows, or a statement, and the table do not fit together: `warehouse-schema-mismatch` (defer), as the table may be behind the code. */
export const schemaMismatch = (message: string, facts: ErrorFacts, cause?: unknown): PipelineError =>
  new PipelineError({ code: 'warehouse-schema-mismatch', disposition: 'defer', message, facts, cause });

/** A table that the warehouse does not have: `warehouse-table-missing` (defer). */
export const missingTable = (table: string, doing: string, cause?: unknown): PipelineError =>
  new PipelineError({
    code: 'warehouse-table-missing', disposition: 'defer', facts: { table }, cause,
    message: `${doing}: no table ${table} in this warehouse (create the table, then try again)`,
  });

/** BigQuery's text for a MERGE or UPDATE that finds more than one source row for a target row. */
export const onePerTarget = 'UPDATE/MERGE must match at most one source row for each target row';
