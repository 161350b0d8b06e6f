import { inputsOf, outputNamed } from '@handoff/catalogue';
import type { ExpectedOutputRow } from '@handoff/contracts';
import type { LedgerState } from './states.ts';

const lacking: ReadonlySet<string> = new Set<LedgerState>(['EXPECTED', 'FAILED', 'MISSED']);

/**
 * What an output was missing of what it is made from: the rows of its inputs that are not there, of its own scope or of
 * the slate; of any scope while its phase has not run for the date, since a hand-off waits for the whole set. `rows`
 * are of one game date; what is not among them is there.
 */
export function missingInputs(row: ExpectedOutputRow, rows: readonly ExpectedOutputRow[]): readonly ExpectedOutputRow[] {
  const output = outputNamed(row.output);
  if (output === undefined) return [];
  const names = new Set<string>(inputsOf(output).map(({ name }) => name));
  const hasRun = rows.some(({ phase, flow, row_count: count }) => phase === row.phase && flow === row.flow && count > 0);
  const concerns = (input: ExpectedOutputRow): boolean => !hasRun || row.scope === 'slate' || input.scope === 'slate' || input.scope === row.scope;
  return rows.filter((input) => names.has(input.output) && lacking.has(input.state) && concerns(input));
}

/** The output with which it began: of the inputs that were missing the first that lacked none itself; its own name where all were there. */
export function rootCause(row: ExpectedOutputRow, rows: readonly ExpectedOutputRow[]): string {
  const [input] = missingInputs(row, rows);
  return input === undefined ? row.output : rootCause(input, rows);
}

/** True when something else has to come first: an input, or one of its own, is still to come and not missed for good. */
export const waitsForAnother = (row: ExpectedOutputRow, rows: readonly ExpectedOutputRow[]): boolean =>
  missingInputs(row, rows).some((input) => input.state !== 'MISSED' || waitsForAnother(input, rows));
