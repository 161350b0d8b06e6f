import { pairOf, type EpochMs, type ExpectedOutputRow } from '@handoff/contracts';
import { rowsLost } from './states.ts';

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

const hasSeen = ({ state, reason }: ExpectedOutputRow): boolean => state === 'COMPLETE' || state === 'DEGRADED' || (state === 'FAILED' && reason === rowsLost);

/** Whether some of the rows that were seen of an output are not there, and some are. */
export const hasFewerRows = (row: ExpectedOutputRow, seen: number): boolean => keepsItsRows(row) && hasSeen(row) && seen > 0 && seen < row.row_count;

/**
 * The pairs that have lost rows: fewer are there than were seen, or than the newest run told of that came after. A
 * result that was corrected may have fewer players; the run that took them out has told so.
 */
export function lostOf(rows: readonly ExpectedOutputRow[], seen: ReadonlyMap<string, { readonly rowCount: number }>, told: readonly ToldRows[]): ReadonlySet<string> {
  const lost = rows.filter((row) => {
    const count = seen.get(pairOf(row.output, row.scope))?.rowCount ?? 0;
    return hasFewerRows(row, count) && count < expectedOf(row, told);
  });
  return new Set(lost.map(({ output, scope }) => pairOf(output, scope)));
}

function expectedOf(row: ExpectedOutputRow, told: readonly ToldRows[]): number {
  const newest = told.filter(({ output, scope }) => output === row.output && scope === row.scope).toSorted((left, right) => left.sourceVersionAt - right.sourceVersionAt || left.recordedAt - right.recordedAt).at(-1);
  return newest !== undefined && newest.recordedAt > (row.observed_at ?? row.planned_at) ? newest.rowCount : row.row_count;
}
