import type { Shape } from '@handoff/portable-sql';
import type { MergeResult } from '@handoff/ports';
import type { Engine } from './engine.ts';
import { mergeSelections } from './row-selections.ts';
import { render } from './sql/render.ts';

export type MergeShape = Extract<Shape, { kind: 'merge' }>;

export type Changed = Omit<MergeResult, 'unchanged'>;

/**
 * Runs a MERGE, atomically, and counts what it did.
 *
 * DuckDB joins in full for NOT MATCHED BY SOURCE, and row by row where ON holds more than equalities: over a
 * second for 2,000 rows against 300,000. So what that clause deletes is deleted first, in the same transaction.
 * It matches no source row, so the rest of the statement does not see the difference.
 */
export async function runMerge(engine: Engine, shape: MergeShape): Promise<Changed> {
  const orphaned = shape.branches.filter((branch) => branch.match === 'not-matched-by-source');
  if (orphaned.length === 0 || !orphaned.every(({ action }) => action[0]?.text === 'DELETE')) return runWhole(engine, shape);
  return engine.transaction(async () => {
    const deleted = await deleteOrphans(engine, shape);
    const branches = shape.branches.filter((branch) => branch.match !== 'not-matched-by-source');
    const rest = branches.length === 0 ? { inserted: 0, updated: 0, deleted: 0 } : await runWhole(engine, { ...shape, branches });
    return { ...rest, deleted: rest.deleted + deleted };
  });
}

async function deleteOrphans(engine: Engine, shape: MergeShape): Promise<number> {
  const selection = mergeSelections(shape).find(({ joined }) => !joined);
  if (selection === undefined) return 0;
  return (await engine.run(`DELETE FROM ${selection.from} WHERE ${selection.where}`)).rowsChanged;
}

async function runWhole(engine: Engine, shape: MergeShape): Promise<Changed> {
  const pieces = [...shape.head, ...shape.branches.flatMap((branch) => branch.pieces)];
  const result = await engine.run(`${render(pieces)} RETURNING merge_action`);
  const counts = { INSERT: 0, UPDATE: 0, DELETE: 0 };
  for (const chunk of await result.fetchAllChunks()) {
    for (const action of chunk.getColumnValues(0)) if (action === 'INSERT' || action === 'UPDATE' || action === 'DELETE') counts[action] += 1;
  }
  return { inserted: counts.INSERT, updated: counts.UPDATE, deleted: counts.DELETE };
}
