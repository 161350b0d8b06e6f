import { pairOf, type EpochMs, type ExpectedOutputRow } from '@handoff/contracts';
import { allRowsLost, rowsLost } from './states.ts';

/** What a run has told of an output: that it holds so many rows now. */
export interface ToldRows {
  readonly output: string;
  readonly scope: string;
  readonly rowCount: number;
  /** Orders versions of one output and scope. */
  readonly sourceVersionAt: EpochMs;
  readonly recordedAt: EpochMs;
}

/**
 * Of these outputs all rows stay that were made once, unless a run says otherwise: results. What is made before a game
 * changes with each look at it, and files are counted by when they were published.
 */
const keepsItsRows = ({ output: name, recovery_class: recovery, flow }: ExpectedOutputRow): boolean => recovery === 'convergent' && flow === 'postgame' && !name.startsWith('exports/');

const hasSeen = ({ state, reason }: ExpectedOutputRow): boolean => state === 'COMPLETE' || state === 'DEGRADED' || (state === 'FAILED' && (reason === rowsLost || reason === allRowsLost));

/** Whether rows that were seen of an output are not there: all of them, or a part of what keeps its rows. */
export const hasFewerRows = (row: ExpectedOutputRow, seen: number): boolean => hasSeen(row) && seen < row.row_count && (seen === 0 || keepsItsRows(row));

/** The pairs that have lost rows, by whether any are left. */
export interface LostPairs {
  readonly some: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
}

/**
 * The pairs that have lost rows: fewer are there than were seen, or than the newest run told of that came after. A
 * result that was corrected may have fewer players; the run that took them out has told so. Nothing that was seen goes
 * away as a whole unless somebody deletes it: lines and predictions of a game neither, once it has begun or before.
 */
export function lostOf(rows: readonly ExpectedOutputRow[], seen: ReadonlyMap<string, { readonly rowCount: number }>, told: readonly ToldRows[]): LostPairs {
  const [some, all] = [new Set<string>(), new Set<string>()];
  for (const row of rows) {
    const pair = pairOf(row.output, row.scope);
    const count = seen.get(pair)?.rowCount ?? 0;
    if (hasFewerRows(row, count) && count < expectedOf(row, told)) (count === 0 ? all : some).add(pair);
  }
  return { some, all };
}

function expectedOf(row: ExpectedOutputRow, told: readonly ToldRows[]): number {
  const newest = told.filter(({ output, scope }) => output === row.output && scope === row.scope).toSorted((left, right) => left.sourceVersionAt - right.sourceVersionAt || left.recordedAt - right.recordedAt).at(-1);
  return newest !== undefined && newest.recordedAt > (row.observed_at ?? row.planned_at) ? newest.rowCount : row.row_count;
}
