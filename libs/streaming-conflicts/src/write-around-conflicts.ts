import { hasCode, PipelineError, type EpochMs, type Row } from '@handoff/contracts';
import type { MergeRequest, MergeResult, Warehouse } from '@handoff/ports';

/** A unit of a write that the warehouse does not let us change yet: somebody has streamed rows of it. */
export interface Conflict {
  /** The value of the unit's column: a game. */
  readonly unit: string;
  /** The partitions that its rows are in. */
  readonly partitions: readonly string[];
  /** When the rows leave the buffer, where the engine knows. */
  readonly until: EpochMs | null;
  readonly message: string;
}

export interface WrittenAround {
  readonly written: MergeResult;
  readonly conflicts: readonly Conflict[];
}

/**
 * Writes by one MERGE; where the warehouse refuses it for rows in the streaming buffer, by one for each unit, so that
 * those in conflict are left as they are and the others proceed. Who is in conflict is the engine's answer, not a guess
 * by the age of rows. Idempotent, as MERGE is.
 *
 * @param unit - the column whose values are written one by one; the request's scope, if it has one, is bound by it.
 * @throws what the warehouse throws but for that refusal.
 */
export async function writeAroundConflicts(warehouse: Warehouse, request: MergeRequest, unit: string): Promise<WrittenAround> {
  const refused = await attempt(warehouse, request);
  if ('written' in refused) return { written: refused.written, conflicts: [] };
  const results: MergeResult[] = [];
  const conflicts: Conflict[] = [];
  for (const value of unitsOf(request, unit)) {
    const part = partOf(request, unit, value);
    const outcome = await attempt(warehouse, part);
    if ('written' in outcome) results.push(outcome.written);
    else conflicts.push({ unit: value, partitions: part.replaceScope?.partitions ?? [], until: outcome.refusal.until ?? null, message: outcome.refusal.message });
  }
  return { written: summed(results), conflicts };
}

async function attempt(warehouse: Warehouse, request: MergeRequest): Promise<{ readonly written: MergeResult } | { readonly refusal: PipelineError }> {
  try {
    return { written: await warehouse.merge(request) };
  } catch (error) {
    if (error instanceof PipelineError && hasCode(error, 'warehouse-streaming-buffer')) return { refusal: error };
    throw error;
  }
}

const unitsOf = ({ rows, replaceScope }: MergeRequest, unit: string): readonly string[] =>
  [...new Set([...rows.map((row) => String(row[unit])), ...(replaceScope?.column === unit ? (replaceScope.values ?? []) : [])])];

function partOf(request: MergeRequest, unit: string, value: string): MergeRequest {
  const rows = request.rows.filter((row: Row) => String(row[unit]) === value);
  const { replaceScope } = request;
  return replaceScope === undefined ? { ...request, rows } : { ...request, rows, replaceScope: { ...replaceScope, column: unit, values: [value] } };
}

const summed = (results: readonly MergeResult[]): MergeResult =>
  results.reduce<MergeResult>((sum, result) => ({
    inserted: sum.inserted + result.inserted, updated: sum.updated + result.updated, deleted: sum.deleted + result.deleted, unchanged: sum.unchanged + result.unchanged,
    superseded: [...(sum.superseded ?? []), ...(result.superseded ?? [])],
  }), { inserted: 0, updated: 0, deleted: 0, unchanged: 0 });
